// Reads request heads with Beast's parser into views, and decides on framing by itself (RFC 9112 2, 3, 6).
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
    bool lacks_length = false; // not announced, though HTTP/1.0 demands that of the method (RFC 1945 8.3, D.1)
};

/// Parses one head at a time. Large (its field table is a part of it): one for each buffer, not for each connection.
class head_parser {
  public:
    enum class result { need_more, complete, refused };

    explicit head_parser(message_limits const &limits) : limits_(limits), fields_(limits.fields) {}

    /// Parses the head that `bytes` begins with, after empty lines (RFC 9112 2.2). On `complete`, and as far as it
    /// could be read on `refused`, the members below hold; their views are into `bytes`. However little more comes,
    /// what was refused stays refused with its status: it does not depend on where the bytes were cut.
    result parse(std::string_view bytes);

    /// The bytes of the head, with the empty lines before it. 0 when it was refused before its end was found.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] request_head const &head() const noexcept { return head_; }
    [[nodiscard]] framing body() const noexcept { return body_; }
    [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_; }
    [[nodiscard]] bool expects_continue() const noexcept { return expects_continue_; }

    /// Why it was refused; when `framing_is_known`, the head was whole and its body can be told from the next request.
    [[nodiscard]] refusal const &why() const noexcept { return why_; }
    [[nodiscard]] bool method_is_known() const noexcept { return head_.is_known; }
    [[nodiscard]] bool framing_is_known() const noexcept { return framing_is_known_; }

    /// Whether parse() may have more to say of `bytes` than need_more, which it said when they were `seen` bytes.
    /// Cheap: it only looks at what is new.
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
    std::string request_line_; // of a later HTTP/1.x, as one of HTTP/1.1
    std::size_t field_count_ = 0;
    request_head head_;
    framing body_;
    refusal why_;
    std::size_t size_ = 0;
    bool has_length_ = false;
    bool has_coding_ = false;
    bool bad_coding_ = false; // of any but the last place
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
