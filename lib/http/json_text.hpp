// Shared by the writer and the reader of canonical JSON.
#pragma once

#include <string>
#include <string_view>

namespace phial {

/// Appends a JSON string: quoted, everything but printable ASCII escaped. `utf8` must be UTF-8.
void append_json_string(std::string &out, std::string_view utf8);

} // namespace phial
