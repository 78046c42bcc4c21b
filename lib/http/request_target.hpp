// The forms a request target may have (RFC 9112 3.2), and the authority in it and in Host (RFC 9110 7.2, RFC 3986 3.2).
#pragma once

#include "phial/http/method.hpp"

#include <string_view>

namespace phial {

/// A target taken apart; views into it.
struct request_target {
    std::string_view authority; // of the absolute form only
    std::string_view path;      // begins with a slash, or is "*"; not decoded
    std::string_view query;     // behind the question mark, not decoded
};

/// Reads the origin form, the absolute form of http, and the asterisk. `path` is empty when it is none of these: the
/// authority form, another scheme, a bad host, a fragment. An absolute form without a path means "/", but the asterisk
/// when `verb` is OPTIONS (RFC 9112 3.2.4).
[[nodiscard]] request_target parse_target(std::string_view target, method verb = method::get) noexcept;

/// What is wrong with a target for which parse_target gives no path: a static text for the client.
[[nodiscard]] std::string_view why_no_target(std::string_view target) noexcept;

/// Whether `s` is a valid `host [":" port]` with a host: a registered name, an IPv4 or a bracketed IPv6 address; no
/// user information, no escapes that are malformed, a port of at most five digits up to 65535.
[[nodiscard]] bool is_valid_host(std::string_view s) noexcept;

/// `s` without the port that http has by default: "a:80" and "a:" are "a".
[[nodiscard]] std::string_view without_default_port(std::string_view s) noexcept;

} // namespace phial
