// Looks into the bytes of a head where Beast's parser only reports that they are wrong.
#pragma once

#include <string_view>

namespace phial {

/// For a request line whose version Beast rejected: what has arrived of "HTTP/2.0" CR LF, or of another version. Empty
/// when the version is malformed.
[[nodiscard]] std::string_view other_version(std::string_view line) noexcept;

/// Whether there is a bare CR or LF from `begin` on. (The last byte may be a CR whose LF is still to come.)
[[nodiscard]] bool has_bare_line_end(std::string_view bytes, std::size_t begin) noexcept;

} // namespace phial
