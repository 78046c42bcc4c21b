// Reads heads (request line and header section), and decides on their framing (RFC 9112 2, 3, 6).
#pragma once

#include "phial/http/fields.hpp"
#include "phial/http/limits.hpp"
#include "phial/server/head_facts.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// Parses one head at a time: a scanner reads the plain ones, Beast's parser all others. It holds a large table of
/// fields: there is one for each work space, not for each connection.
class head_parser {
  public:
    using result = head_result;

    explicit head_parser(message_limits const &limits) : limits_(limits), fields_(limits.fields) {}

    /// Parses the head at the beginning of `bytes`, after empty lines (RFC 9112 2.2). On `complete` the members below
    /// are valid; on `refused` as far as the head could be read. Their views point into `bytes`. When more bytes
    /// follow, a rejected head is rejected with the same status: it does not matter where the bytes were cut.
    result parse(std::string_view bytes);

    /// The same without the scanner, which parse() tries first. It is slower, and decides in all cases: for tests.
    result parse_with_beast(std::string_view bytes);

    /// Bytes of the head and of the empty lines before it; 0 when it was rejected before its end was found.
    [[nodiscard]] std::size_t size() const noexcept { return facts_.size; }
    [[nodiscard]] request_head const &head() const noexcept { return facts_.head; }
    [[nodiscard]] framing body() const noexcept { return facts_.body; }
    [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_; }
    [[nodiscard]] bool expects_continue() const noexcept { return facts_.expects_continue; }

    /// Why it was rejected. With framing_is_known() the head was complete, and it is known where the body ends.
    [[nodiscard]] refusal const &why() const noexcept { return facts_.why; }
    [[nodiscard]] bool method_is_known() const noexcept { return facts_.head.is_known; }
    [[nodiscard]] bool framing_is_known() const noexcept { return framing_is_known_; }

    /// Whether parse() may return anything but need_more for `bytes`, after it returned need_more for the first `seen`
    /// of them. Cheap: it only looks at the new bytes.
    [[nodiscard]] static bool is_worth_parsing(std::string_view bytes, std::size_t seen,
                                               message_limits const &limits) noexcept;

  private:
    void reset() noexcept;
    bool has_valid_host();
    result check_message();
    result check_target();

    message_limits limits_;
    std::vector<field> fields_;
    head_facts facts_;
    bool keep_alive_ = false;
    bool framing_is_known_ = false;
    std::string valid_host_ = "localhost"; // the last one, and never empty
};

} // namespace phial
