#include "phial/backtrace/source_lines.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

namespace phial {
namespace {

namespace fs = std::filesystem;

constexpr unsigned around = 5;
// Generated sources may be without line ends.
constexpr std::uintmax_t largest_file = 8ULL << 20U;
constexpr std::size_t longest_line = 400;

bool is_inside(fs::path const &folder, fs::path const &path) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

// The file with that name in debug information, if it is one of the tree.
std::optional<fs::path> file_in(fs::path const &root, std::string const &built_as, std::string const &file) {
    auto const path = fs::path(file).lexically_normal();
    auto const folder = fs::path(built_as).lexically_normal();
    if (!is_inside(folder, path)) return std::nullopt;
    std::error_code missing;
    auto found = fs::canonical(root / path.lexically_relative(folder), missing);
    if (missing || !is_inside(root, found) || !fs::is_regular_file(found, missing)) return std::nullopt;
    if (fs::file_size(found, missing) > largest_file || missing) return std::nullopt;
    return found;
}

} // namespace

source_lines read_source_lines(source_tree const &tree, std::string const &file, unsigned line) {
    if (tree.folder.empty() || tree.built_as.empty() || line == 0) return {};
    std::error_code missing;
    auto const root = fs::canonical(tree.folder, missing);
    if (missing) return {};
    auto const path = file_in(root, tree.built_as, file);
    if (!path) return {};
    source_lines found{.name = path->lexically_relative(root).string(), .first = line > around ? line - around : 1};
    std::ifstream in(*path);
    std::string text;
    unsigned number = 0;
    while (number < line + around && std::getline(in, text)) {
        if (++number < found.first) continue;
        if (text.size() > longest_line) text.replace(longest_line, text.npos, "...");
        found.lines.push_back(text);
    }
    return number < line ? source_lines() : found;
}

} // namespace phial
