// What was built: the version, for people and for monitoring.
#pragma once

#include <string>
#include <string_view>

namespace phial {

/// "0.1.0", or "0.1.0+c2b9078" with the commit; what scripts/version prints.
[[nodiscard]] std::string_view version() noexcept;

/// "g++ 12.2".
[[nodiscard]] std::string compiler();
/// "1.81".
[[nodiscard]] std::string boost_version();

/// "phial 0.1.0+c2b9078 (g++ 12.2, Boost 1.81)": what --version prints.
[[nodiscard]] std::string build_info();

} // namespace phial
