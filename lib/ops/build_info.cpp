// The version and what it was built with.
#include "phial/ops/build_info.hpp"

#include "ops/version.hpp" // made by version.cmake

#include <boost/version.hpp>

namespace phial {

std::string_view version() noexcept { return PHIAL_VERSION; }

std::string compiler() {
#ifdef __clang__
    return "clang " + std::to_string(__clang_major__) + '.' + std::to_string(__clang_minor__);
#else
    return "g++ " + std::to_string(__GNUC__) + '.' + std::to_string(__GNUC_MINOR__);
#endif
}

std::string boost_version() {
    std::string boost = BOOST_LIB_VERSION; // "1_81"
    for (char &c : boost) c = c == '_' ? '.' : c;
    return boost;
}

std::string build_info() {
    return "phial " + std::string(version()) + " (" + compiler() + ", Boost " + boost_version() + ')';
}

} // namespace phial
