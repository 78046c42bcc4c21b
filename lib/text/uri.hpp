// Percent-encoding of paths and queries (RFC 3986 2.1); decoded leniently, as browsers and Flask do.
#pragma once

#include "phial/text/charset.hpp"

#include <string>
#include <string_view>

namespace phial {

/// Decodes %XX once and makes the result UTF-8 (see to_utf8) from its charset. Malformed escapes stay as they are.
[[nodiscard]] std::string percent_decode(std::string_view s, charset source = charset::utf_8);

/// percent_decode for a name or a value of a query or a form: `+` is a space as well, and the text may be in another
/// charset.
[[nodiscard]] std::string form_decode(std::string_view s, charset source = charset::utf_8);

/// The same, but the bytes as they are decoded, UTF-8 or not; never longer than `s`.
[[nodiscard]] std::string form_decode_bytes(std::string_view s);

/// Whether decoding would change `s`: it holds an escape or bytes outside ASCII.
[[nodiscard]] bool needs_decoding(std::string_view s) noexcept;

/// Appends a byte as %XX (RFC 3986 2.1).
void append_percent(std::string &out, char c);

/// Encodes everything but unreserved characters and those that a path segment may hold (pchar, RFC 3986 3.3).
/// A slash is encoded unless `keep_slashes`.
[[nodiscard]] std::string percent_encode(std::string_view s, bool keep_slashes = false);

/// A query as a client sent it, for a Location: only bytes that a URI must not contain are encoded.
[[nodiscard]] std::string encode_query(std::string_view query);

} // namespace phial
