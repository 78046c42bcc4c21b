// The version of this build.
#pragma once

#include <string_view>

namespace phial {

/// "0.2.0", or "0.2.0+c2b9078" with the commit; what scripts/version prints.
[[nodiscard]] std::string_view version() noexcept;

} // namespace phial
