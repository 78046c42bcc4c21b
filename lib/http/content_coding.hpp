// Content codings of requests: none is known here (RFC 9110 8.4, 12.5.3).
#pragma once

#include "phial/http/fields.hpp"

namespace phial {

/// Throws http_error(415) with `Accept-Encoding: identity` (RFC 9110 15.5.16) when Content-Encoding names a coding
/// other than identity: coded bytes taken for the content would be stored or shown as they are.
void require_no_content_coding(fields_view fields);

} // namespace phial
