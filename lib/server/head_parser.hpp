// Reads heads (request line and header section) with Beast's parser; decides on framing itself (RFC 9112 2, 3, 6).
#pragma once

#include "phial/http/fields.hpp"
#include "phial/http/handler.hpp"
#include "phial/http/limits.hpp"

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// How the content of a message is delimited (RFC 9112 6.3).
struct framing {
    bool chunked = false;
    std::uint64_t length = 0;  // when not chunked
    bool announced = false;    // by Content-Length or Transfer-Encoding
    bool lacks_length = false; // not announced, though HTTP/1.0 requires it for the method (RFC 1945 8.3, D.1)
};

/// Parses one head at a time. It holds a large table of fields: there is one for each work space, not for each
/// connection.
class head_parser {
  public:
    enum class result { need_more, complete, refused };

    explicit head_parser(message_limits const &limits) : limits_(limits), fields_(limits.fields) {}

    /// Parses the head at the beginning of `bytes`, after empty lines (RFC 9112 2.2). On `complete` the members below
    /// are valid; on `refused` as far as the head could be read. Their views point into `bytes`. When more bytes
    /// follow, a rejected head is rejected with the same status: it does not matter where the bytes were cut.
    result parse(std::string_view bytes);

    /// Bytes of the head and of the empty lines before it; 0 when it was rejected before its end was found.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] request_head const &head() const noexcept { return head_; }
    [[nodiscard]] framing body() const noexcept { return body_; }
    [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_; }
    [[nodiscard]] bool expects_continue() const noexcept { return expects_continue_; }

    /// Why it was rejected. With framing_is_known() the head was complete, and it is known where the body ends.
    [[nodiscard]] refusal const &why() const noexcept { return why_; }
    [[nodiscard]] bool method_is_known() const noexcept { return head_.is_known; }
    [[nodiscard]] bool framing_is_known() const noexcept { return framing_is_known_; }

    /// Whether parse() may return anything but need_more for `bytes`, after it returned need_more for the first `seen`
    /// of them. Cheap: it only looks at the new bytes.
    [[nodiscard]] static bool is_worth_parsing(std::string_view bytes, std::size_t seen,
                                               message_limits const &limits) noexcept;

  private:
    class sink;

    result refuse(unsigned status, std::string_view reason);
    result refuse_long_line(std::string_view line);
    result refuse_by(boost::system::error_code const &ec);
    void reset() noexcept;
    void check_message();

    message_limits limits_;
    std::vector<field> fields_;
    std::string request_line_; // of a later HTTP/1.x, rewritten as HTTP/1.1
    std::size_t field_count_ = 0;
    request_head head_;
    framing body_;
    refusal why_;
    std::size_t size_ = 0;
    bool has_length_ = false;
    bool has_coding_ = false;
    bool bad_coding_ = false; // a name that is not a token, or a coding after chunked
    bool chunked_is_last_ = false;
    bool unknown_coding_ = false;
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
