// The version and what it was built with.
#include "ops/build_info.hpp"

#include <boost/version.hpp>

namespace phial {

std::string_view version() noexcept { return PHIAL_VERSION; }

std::string build_info() {
    std::string boost = BOOST_LIB_VERSION; // "1_81"
    for (char &c : boost) c = c == '_' ? '.' : c;
#ifdef __clang__
    std::string const compiler = "clang " + std::to_string(__clang_major__) + '.' + std::to_string(__clang_minor__);
#else
    std::string const compiler = "g++ " + std::to_string(__GNUC__) + '.' + std::to_string(__GNUC_MINOR__);
#endif
    return "phial " + std::string(version()) + " (" + compiler + ", Boost " + boost + ')';
}

} // namespace phial
