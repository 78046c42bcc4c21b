// JSON pointers (RFC 6901): where a value is in a text.
#pragma once

#include "phial/text/json_view.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace phial {

/// Appends a part of a pointer: a slash and the name or index, with `~` and `/` escaped.
void append_pointer_token(std::string &pointer, std::string_view name);

/// The pointer from `root` to `part`, which is a view into its text; empty for `root` itself. UTF-8. Names may be as
/// long as a client likes: a pointer of more than `longest` bytes is cut there and ends with `...`. Takes time in
/// proportion to the text before `part`, and memory for each level around it.
[[nodiscard]] std::string json_pointer(json_view root, json_view part, std::size_t longest);

} // namespace phial
