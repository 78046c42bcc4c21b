// The forms of a request target (RFC 9112 3.2), and the authority in it and in Host (RFC 9110 7.2, RFC 3986 3.2).
#pragma once

#include "phial/http/method.hpp"

#include <string_view>

namespace phial {

/// The components of a request target; views into it.
struct request_target {
    std::string_view authority; // of the absolute form only
    std::string_view path;      // begins with a slash, or is "*"; not decoded
    std::string_view query;     // after the question mark, not decoded
};

/// Parses the origin form, the absolute form of http, and the asterisk form. `path` is empty for anything else: the
/// authority form, another scheme, a malformed host, a fragment. An absolute form without a path means "/", or the
/// asterisk if `m` is OPTIONS (RFC 9112 3.2.4).
[[nodiscard]] request_target parse_target(std::string_view target, method m = method::get) noexcept;

/// What is wrong with a request target for which parse_target gives no path: a static text for the client.
[[nodiscard]] std::string_view why_no_target(std::string_view target) noexcept;

/// Whether `s` is a valid `host [":" port]` with a host: a registered name, an IPv4 address or a bracketed IP literal
/// (IPv6 or IPvFuture); no user information, no malformed percent-encoding, a port up to 65535, which may be empty or
/// have leading zeros.
[[nodiscard]] bool is_valid_host(std::string_view s) noexcept;

/// A valid host without its port: "a:80" and "a:" become "a".
[[nodiscard]] std::string_view without_port(std::string_view host) noexcept;

/// The same, only if the port is `port` or empty.
[[nodiscard]] std::string_view without_default_port(std::string_view host, std::string_view port) noexcept;

} // namespace phial
