// The lines of a source file around one of them, for the debug page.
#pragma once

#include "phial/runtime/source_tree.hpp"

#include <string>
#include <vector>

namespace phial {

struct source_lines {
    std::string name = {}; // of the file, from the root of its tree: "lib/handlers/users.cpp"
    unsigned first = 0;    // the number of the first line
    std::vector<std::string> lines = {};
};

/// The line with that number, and at most five before and after it. Empty unless `file`, a name of debug information,
/// is in the tree and has the line; links out of the tree are not followed. It reads the file, so it is not for a loop.
[[nodiscard]] source_lines read_source_lines(source_tree const &tree, std::string const &file, unsigned line);

} // namespace phial
