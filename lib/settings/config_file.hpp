// A file of settings: lines of `name = value`.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// A setting in such a file.
struct config_entry {
    std::string name;
    std::string value;
};

/// The settings in such a file, and its mistakes: a line each, at most `most_mistakes`, then a line with how many more.
struct config_file {
    /// The largest file that is read, in bytes.
    static constexpr std::size_t most_bytes = 1 << 20;
    static constexpr std::size_t most_mistakes = 100;

    std::vector<config_entry> entries; // each name once
    std::vector<std::string> mistakes;
};

/// Whether a file may contain a setting of this name.
using known_setting = std::function<bool(std::string const &)>;

/// Parses the text of a file. Spaces and tabs around a name and a value are ignored; `#` begins a comment at the
/// beginning of a line or after white space; a byte order mark at the beginning is skipped; lines end with LF or CR LF.
/// There are no quotes, no sections and no escapes. `path` is for the mistakes.
[[nodiscard]] config_file parse_config(std::string_view text, std::string const &path, known_setting const &is_known);

/// Reads the file. A path that is not a file (a folder, a pipe, a device), that cannot be read or that is too large is
/// a mistake, too. Waits for nothing but a disk.
[[nodiscard]] config_file read_config(std::string const &path, known_setting const &is_known);

} // namespace phial
