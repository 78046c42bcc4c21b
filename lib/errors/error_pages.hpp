// Responses to errors: JSON, problem details or an HTML page, as Accept prefers.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"

#include <exception>
#include <string>

namespace phial {

/// The response to an error, with its status code, its fields and `Vary: Accept`:
///  * `{"message": ..., "status": ...}` unless something else is preferred;
///  * a small HTML page when Accept prefers text/html to JSON;
///  * application/problem+json (RFC 9457) when Accept asks for it by name.
/// An error with faults lists them, in JSON as `"errors": [{"pointer": ..., "detail": ..., "expected": ..., "got":
/// ...}]`, with `"parameter"` and `"in"` instead of the pointer for a query argument or a header field. What
/// http_error::with has added is a member of the JSON, and is shown on the page.
[[nodiscard]] response render_error(request const &rq, http_error const &e);

/// The same, but a client that accepts JSON gets `as_json`, with the faults that the caller has put into it.
[[nodiscard]] response render_error(request const &rq, http_error const &e, json const &as_json);

/// The response to an unexpected exception, for debug mode only: a page that shows what was thrown, the stack of the
/// throw (if a stack_capture exists) and the request (its credentials masked); or JSON with the detail when Accept
/// prefers it. The page is a stream, which is made on the pool for computing.
[[nodiscard]] response render_exception(request const &rq, std::exception_ptr const &thrown);

/// "std::runtime_error: what it says".
[[nodiscard]] std::string describe(std::exception_ptr const &thrown);

} // namespace phial
