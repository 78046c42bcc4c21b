// What a service was built with.
#pragma once

#include <string>
#include <string_view>

namespace phial {

/// "g++ 12.2".
[[nodiscard]] std::string compiler();
/// "1.81".
[[nodiscard]] std::string boost_version();

/// "phial 0.2.0+c2b9078 (g++ 12.2, Boost 1.81)": what --version prints.
[[nodiscard]] std::string build_info(std::string_view name, std::string_view version);

} // namespace phial
