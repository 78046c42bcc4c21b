// What the bytes of a head say where Beast's parser only says that they are wrong.
#pragma once

#include <string_view>

namespace phial {

/// The part that has come of "HTTP/2.0" CR LF, or of another version, when Beast refused the version of this request
/// line. Empty when it is malformed.
[[nodiscard]] std::string_view other_version(std::string_view line) noexcept;

/// Whether a CR or an LF stands alone, from `begin` on. (The last byte may be a CR whose LF has yet to come.)
[[nodiscard]] bool has_bare_line_end(std::string_view bytes, std::size_t begin) noexcept;

} // namespace phial
