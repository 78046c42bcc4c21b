// Rejects content codings in requests: none is supported (RFC 9110 8.4, 12.5.3).
#pragma once

#include "phial/http/fields.hpp"

namespace phial {

/// Throws http_error(415) with `Accept-Encoding: identity` (RFC 9110 15.5.16) when Content-Encoding names a coding
/// other than identity. Otherwise coded bytes would be stored or shown as if they were the content.
void require_no_content_coding(fields_view fields);

} // namespace phial
