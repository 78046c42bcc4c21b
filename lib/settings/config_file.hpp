// A file of settings: lines of `name = value`.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// A setting that such a file holds.
struct config_entry {
    std::string name;
    std::string value;
};

/// What such a file says, and what is wrong with it: a line each, at most `most_mistakes`, then how many more.
struct config_file {
    /// The bytes of a file that are read.
    static constexpr std::size_t most_bytes = 1 << 20;
    static constexpr std::size_t most_mistakes = 100;

    std::vector<config_entry> entries; // each name once
    std::vector<std::string> mistakes;
};

/// Whether a setting of this name may stand in a file.
using known_setting = std::function<bool(std::string const &)>;

/// Takes a file's text apart. Spaces and tabs around a name and a value are no part of it; `#` begins a comment at the
/// beginning of a line or after white space; a byte order mark at the beginning is skipped; lines end with LF or CR LF.
/// There are no quotes, no sections and no escapes. `path` is for the mistakes.
[[nodiscard]] config_file parse_config(std::string_view text, std::string const &path, known_setting const &is_known);

/// Reads the file. That it is none (a folder, a pipe, a device), cannot be read or is too large is a mistake too. It
/// waits for nothing but a disk.
[[nodiscard]] config_file read_config(std::string const &path, known_setting const &is_known);

} // namespace phial
