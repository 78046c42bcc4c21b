// Reads what the kernel says in files of /proc and /sys. No streams: their first use costs more than the kernel's work.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// The file's text; empty when it cannot be read.
[[nodiscard]] std::string read_system_file(std::filesystem::path const &path);

/// Takes a number off the beginning of `text`, with the spaces before it; nothing if there is none ("max", "-1").
[[nodiscard]] std::optional<std::uint64_t> take_number(std::string_view &text) noexcept;

} // namespace phial
