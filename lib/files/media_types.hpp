// The media type of a file, by its name.
#pragma once

#include <string_view>

namespace phial {

/// What Content-Type says of a file: by what follows the last dot of its name, whatever the case, from a table of what
/// services serve; text has `; charset=utf-8`. application/octet-stream if the table does not have it.
[[nodiscard]] std::string_view media_type_of(std::string_view name) noexcept;

} // namespace phial
