// Names whose values are for nobody else's eyes.
#pragma once

#include <string_view>

namespace phial {

/// Whether a header field or a query argument is called like a secret: its name has "authorization", "cookie", "pass",
/// "token", "secret", "key", "signature" or "credential" in it, in any case. Such a value is not shown and not logged.
[[nodiscard]] bool names_a_secret(std::string_view name) noexcept;

} // namespace phial
