// Dates in header fields (RFC 9110 5.6.7).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// All three forms: `Sun, 06 Nov 1994 08:49:37 GMT`, and the obsolete `Sunday, 06-Nov-94 08:49:37 GMT` and
/// `Sun Nov  6 08:49:37 1994`. Nothing when the text is none of them, or a day or time that does not exist; that the
/// day of the week is the right one is not checked. A year of two digits is the last one that is at most 50 years in
/// the future.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) noexcept;

/// The first form, for years from 0 to 9999.
[[nodiscard]] std::string http_date(std::chrono::sys_seconds time);

} // namespace phial
