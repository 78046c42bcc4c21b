// The authority of a request: Host, and the absolute form's (RFC 9110 7.2, RFC 3986 3.2).
#pragma once

#include <string_view>

namespace phial {

/// Whether `s` is a valid `host [":" port]` with a host: a registered name, an IPv4 or a bracketed IPv6 address; no
/// user information, no escapes that are malformed, a port of at most five digits up to 65535.
[[nodiscard]] bool is_valid_host(std::string_view s) noexcept;

/// `s` without the port that http has by default: "a:80" and "a:" are "a".
[[nodiscard]] std::string_view without_default_port(std::string_view s) noexcept;

} // namespace phial
