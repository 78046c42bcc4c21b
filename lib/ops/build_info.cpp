#include "phial/ops/build_info.hpp"

#include "phial/text/concat.hpp"

#include <boost/version.hpp>

namespace phial {

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

std::string build_info(std::string_view name, std::string_view version) {
    return concat(name, " ", version, " (", compiler(), ", Boost ", boost_version(), ")");
}

} // namespace phial
