// The white space that Python's json.dumps writes.
#pragma once

#include <cstddef>
#include <string_view>

namespace phial {

/// How many commas and colons a compact JSON text has, outside its strings.
[[nodiscard]] std::size_t json_separators(std::string_view text) noexcept;

/// Copies a compact JSON text, with a space after each of these commas and colons, and returns the end of the copy.
/// There must be room for json_spacing_slack bytes more than the copy has.
char *copy_spaced_json(char *out, std::string_view text) noexcept;

inline constexpr std::size_t json_spacing_slack = 16;

} // namespace phial
