// Keeps secrets out of logs and pages.
#pragma once

#include <string>
#include <string_view>

namespace phial {

/// Whether the name of a header field or a query argument is that of a secret: it contains "authorization", "cookie",
/// "pass", "token", "secret", "key", "signature" or "credential", in any case. Such a value is not shown and not
/// logged.
[[nodiscard]] bool names_a_secret(std::string_view name) noexcept;

/// The request target as it may be logged: without user information, with *** for the values of query arguments that
/// names_a_secret, cut at 2,048 bytes.
[[nodiscard]] std::string loggable_target(std::string_view target);

/// A quick check whether the request target can be logged unchanged: it begins with a slash, has no query and is not
/// too long.
[[nodiscard]] bool is_loggable(std::string_view target) noexcept;

} // namespace phial
