// Keeps secrets out of logs and pages.
#pragma once

#include <string>
#include <string_view>

namespace phial {

/// Whether a header field or a query argument is called like a secret: its name has "authorization", "cookie", "pass",
/// "token", "secret", "key", "signature" or "credential" in it, in any case. Such a value is not shown and not logged.
[[nodiscard]] bool names_a_secret(std::string_view name) noexcept;

/// The target as it may be logged: without user information, with the values of query arguments that are called like
/// secrets (password, token, key, ...) replaced by ***, cut at 2,048 bytes.
[[nodiscard]] std::string loggable_target(std::string_view target);

/// Whether that is the target itself, for a moment's look.
[[nodiscard]] bool is_loggable(std::string_view target) noexcept;

} // namespace phial
