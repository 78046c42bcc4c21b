// What a head says: filled by the scanner or by Beast's parser, and then judged by head_parser. Private to the server.
#pragma once

#include "phial/http/request.hpp"
#include "phial/http/request_notes.hpp"
#include "phial/server/known_word.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace phial {

/// How the content of a message is delimited (RFC 9112 6.3).
struct framing {
    bool chunked = false;
    std::uint64_t length = 0;  // when not chunked
    bool announced = false;    // by Content-Length or Transfer-Encoding
    bool lacks_length = false; // not announced, though HTTP/1.0 requires it for the method (RFC 1945 8.3, D.1)

    /// Whether more than `n` bytes may follow the head.
    [[nodiscard]] bool is_longer_than(std::uint64_t n) const noexcept { return chunked || length > n; }
};

/// What has become of the bytes of a head.
enum class head_result { need_more, complete, refused };

/// Why a request is rejected whose method is not one of `method`.
inline constexpr std::string_view unknown_method = "the method is not known here";

struct head_facts {
    request_head head;
    framing body;
    refusal why;
    std::size_t size = 0; // of the head and the empty lines before it; 0 until its end was found
    std::string_view host;
    unsigned hosts = 0;
    bool has_length = false;
    bool has_coding = false;
    bool bad_coding = false; // a name that is not a token, or a coding after chunked
    bool chunked_is_last = false;
    bool unknown_coding = false;
    bool close = false;
    bool keep_alive_asked = false;
    bool bad_expectation = false;
    bool expects_continue = false;

    /// Each takes the value of one field line, or an element of its list. No control characters but tabs are in it.
    void read_host(std::string_view value) noexcept {
        ++hosts;
        host = value;
    }
    void read_connection_option(std::string_view token) noexcept {
        close = close || is_word(token, "close");
        keep_alive_asked = keep_alive_asked || is_word(token, "keep-alive");
    }
    void read_connection(std::string_view list) noexcept;
    void read_transfer_encoding(std::string_view list) noexcept;
    void read_expect(std::string_view list) noexcept;
    /// False unless it is digits only, and the same number every time (RFC 9112 6.3).
    [[nodiscard]] bool read_length(std::string_view element) noexcept;
    [[nodiscard]] bool read_content_length(std::string_view list) noexcept;

    head_result refuse(unsigned status, std::string_view reason) noexcept {
        why = {status, reason};
        return head_result::refused;
    }
};

} // namespace phial
