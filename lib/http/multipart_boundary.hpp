// The boundary of a multipart body, as its Content-Type names it (RFC 2046 5.1.1).
#pragma once

#include "phial/http/media_type.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace phial {

inline constexpr std::size_t max_boundary = 70; // bytes

/// Throws http_error(400), which says why, when `boundary` is not 1 to 70 characters of those a boundary may have: the
/// standard's (letters, digits, '()+_,-./:=? and the space, but not as the last one), and those of a token besides,
/// because clients use them.
void require_boundary(std::string_view boundary);

/// The value of the parameter `boundary`. It should be quoted when it is not a token, but many clients do not: without
/// quotes it goes up to the next semicolon. Throws http_error(400), which says why, when there is none, when there are
/// several, and when require_boundary does.
[[nodiscard]] std::string multipart_boundary(media_type const &type);

} // namespace phial
