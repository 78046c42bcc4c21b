// Reads request heads with Beast's parser into views, and decides on framing by itself (RFC 9112 2, 3, 6).
#pragma once

#include "http/fields.hpp"
#include "http/request.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace phial {

/// How the content of a message is delimited (RFC 9112 6.3).
struct framing {
    bool chunked = false;
    std::uint64_t length = 0; // when not chunked
};

/// A message that is refused before any handler sees it.
struct refusal {
    unsigned status = 0;
    std::string_view reason; // a static text: what is wrong, for the client and the log
};

struct head_limits {
    std::size_t request_line = 16 * 1024; // bytes; above: 414
    std::size_t head = 32 * 1024;         // bytes, with the request line; above: 431
    static constexpr std::size_t fields = 100;
};

/// Parses one head at a time. Large (its field table is a part of it): one for each buffer, not for each connection.
class head_parser {
  public:
    enum class result { need_more, complete, refused };

    explicit head_parser(head_limits const &limits) : limits_(limits) {}

    /// Parses the head that `bytes` begins with, after empty lines (RFC 9112 2.2). On `complete`, and as far as it
    /// could be read on `refused`, the members below hold; their views are into `bytes`.
    result parse(std::string_view bytes);

    /// The bytes of the head, with the empty lines before it. 0 when it was refused before its end was found.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] request_head const &head() const noexcept { return head_; }
    [[nodiscard]] framing body() const noexcept { return body_; }
    [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_; }
    [[nodiscard]] bool expects_continue() const noexcept { return expects_continue_; }

    /// Why it was refused; when `framing_is_known`, the head was whole and its body can be told from the next request.
    [[nodiscard]] refusal const &why() const noexcept { return why_; }
    [[nodiscard]] bool framing_is_known() const noexcept { return framing_is_known_; }

    /// Whether `bytes`, which need_more was said of when they were `seen` bytes, can be a whole head by now. Cheap: it
    /// only looks at what is new.
    [[nodiscard]] static bool may_be_complete(std::string_view bytes, std::size_t seen) noexcept;

  private:
    class sink;

    result refuse(unsigned status, std::string_view reason);
    void check_message();

    head_limits limits_;
    std::array<field, head_limits::fields> fields_;
    std::size_t field_count_ = 0;
    request_head head_;
    framing body_;
    refusal why_;
    std::size_t size_ = 0;
    bool known_method_ = true;
    bool has_length_ = false;
    bool has_coding_ = false;
    bool bad_coding_ = false;
    bool close_ = false;
    bool keep_alive_asked_ = false;
    bool keep_alive_ = false;
    bool bad_expectation_ = false;
    bool expects_continue_ = false;
    bool framing_is_known_ = false;
    unsigned hosts_ = 0;
    std::string_view host_;
};

} // namespace phial
