// Where the source files are from which a program was built.
#pragma once

#include <string>

namespace phial {

struct source_tree {
    std::string folder = {};   // empty: it is not known
    std::string built_as = {}; // its name in debug information: the same, or what -fdebug-prefix-map makes of it
};

} // namespace phial
