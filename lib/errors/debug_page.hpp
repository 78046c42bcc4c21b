// The page of debug mode: what was thrown, where, and by which request.
#pragma once

#include "phial/backtrace/symbols.hpp"
#include "phial/http/request.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// An HTML page of an exception: `description` it was, the stack of its throw (empty: not known) with the lines around
/// each call of the service's own functions, and the request, without the values of its secrets. It reads the source
/// files in service_context::sources, so it is not for a loop.
[[nodiscard]] std::string debug_page(request const &rq, std::string_view description,
                                     std::span<stack_frame const> stack);

/// The same as the body of a response, which the server reads while the request lives: the stack is that of these
/// addresses. To read debug information and source files takes about ten milliseconds, so it is done on the pool for
/// computing.
[[nodiscard]] std::unique_ptr<body_stream> late_debug_page(request const &rq, std::string description,
                                                           std::vector<std::uintptr_t> stack);

} // namespace phial
