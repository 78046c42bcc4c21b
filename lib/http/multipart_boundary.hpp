// The boundary of a multipart body, which its Content-Type names (RFC 2046 5.1.1).
#pragma once

#include "phial/http/media_type.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace phial {

inline constexpr std::size_t max_boundary = 70; // bytes

/// Throws http_error(400), which says why, unless `boundary` has 1 to 70 allowed characters: those of the standard
/// (letters, digits, '()+_,-./:=? and the space, but no space at the end), and also those of a token, because clients
/// use them.
void require_boundary(std::string_view boundary);

/// The value of the parameter `boundary`. It should be quoted when it is not a token, but many clients do not quote it:
/// without quotes it ends at the next semicolon. Throws http_error(400), which says why, when there is no boundary or
/// more than one, and as require_boundary does.
[[nodiscard]] std::string multipart_boundary(media_type const &type);

} // namespace phial
