// Writes the head of a response as bytes (RFC 9112 4, 6.3).
#pragma once

#include "phial/http/response.hpp"
#include "phial/server/outbox.hpp"

#include <string_view>

namespace phial {

/// What the connection knows and the response does not.
struct response_context {
    unsigned minor_version = 1;     // of the request's HTTP/1.x
    bool closing = false;           // this is the connection's last response
    std::string_view common_fields; // lines that every response has
    std::string_view request_id;    // empty: none
    bool is_personal = false;       // the client has logged in: no cache may store the response
};

/// Whether a response of that status has no content, whatever its body holds (RFC 9110 6.4.1).
[[nodiscard]] constexpr bool has_no_content(unsigned status) noexcept {
    return status < 200 || status == 204 || status == 304;
}

/// Whether the body is sent in chunks: a stream that does not know its length, to an HTTP/1.1 client.
[[nodiscard]] bool is_chunked(response const &rs, unsigned minor_version) noexcept;

/// Whether the body ends with the connection: a stream that does not know its length, to an HTTP/1.0 client.
[[nodiscard]] bool ends_with_connection(response const &rs, unsigned minor_version) noexcept;

/// Appends the status line, the fields and the empty line. It adds two fields if the response does not have them:
/// `X-Content-Type-Options: nosniff` to content, so that browsers do not guess another media type (Fetch standard 3.6),
/// and `Cache-Control: no-store` to 401 and to personal responses (RFC 9111 5.2.2.5).
void append_response_head(outbox &out, response const &rs, response_context const &context);

} // namespace phial
