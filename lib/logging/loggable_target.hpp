// Request targets without the secrets they may hold.
#pragma once

#include <string>
#include <string_view>

namespace phial {

/// The target as it may be logged: without user information, with the values of query arguments that are called like
/// secrets (password, token, key, ...) replaced by ***, cut at 2,048 bytes.
[[nodiscard]] std::string loggable_target(std::string_view target);

/// Whether that is the target itself, for a moment's look.
[[nodiscard]] bool is_loggable(std::string_view target) noexcept;

} // namespace phial
