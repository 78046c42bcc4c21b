// The tutorial's chapters: each a blueprint, or a function an app composes.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"
#include "phial/routing/blueprint.hpp"

namespace phial {
class file_store;
class logger;
class users;
} // namespace phial

namespace phial::chapters {

// What a chapter takes by reference outlives the server.

[[nodiscard]] blueprint routing();                          // /  /articles  and the converters
[[nodiscard]] blueprint hello();                            // /hello: GET parameters, responses
[[nodiscard]] blueprint methods();                          // /echo
[[nodiscard]] blueprint messages(file_store &uploads);      // /messages: request data
[[nodiscard]] blueprint files();                            // /files: request.files
[[nodiscard]] blueprint users();                            // /users/<id>: status codes and errors
[[nodiscard]] blueprint secrets(phial::users const &known); // /secrets: authorization
[[nodiscard]] blueprint debugging();                        // /debug/error
[[nodiscard]] blueprint logs(logger const &log);            // /logs/hello

/// The tutorial's 404, for the whole app.
[[nodiscard]] response not_found(request &rq, http_error const &e);

} // namespace phial::chapters
