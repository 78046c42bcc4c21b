#include "app/version.hpp"

#include "generated/version.hpp" // made by version.cmake

namespace phial {

std::string_view version() noexcept { return PHIAL_VERSION; }

} // namespace phial
