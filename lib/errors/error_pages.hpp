// What an error looks like to its reader: JSON, problem details or a page, as Accept prefers.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"

#include <exception>
#include <string>

namespace phial {

/// The response to an error, with its status and header lines and `Vary: Accept`:
///  * `{"message": ..., "status": ...}` unless something else is preferred;
///  * a small HTML page when Accept prefers text/html to JSON;
///  * application/problem+json (RFC 9457) when Accept asks for it by name.
/// An error with details lists them, in JSON as `"errors": [{"message": ..., "pointer": ...}]`.
[[nodiscard]] response render_error(request const &rq, http_error const &e);

/// The same, but `as_json` is what a client that takes JSON gets; details are in it if the caller puts them there.
[[nodiscard]] response render_error(request const &rq, http_error const &e, json const &as_json);

/// The response to an exception nobody expected, for debug mode only: a page that shows what was thrown, the stack of
/// where (if a stack_capture lives) and the request (its credentials masked); or JSON with the detail when Accept
/// prefers it.
[[nodiscard]] response render_exception(request const &rq, std::exception_ptr const &thrown);

/// "std::runtime_error: what it says".
[[nodiscard]] std::string describe(std::exception_ptr const &thrown);

} // namespace phial
