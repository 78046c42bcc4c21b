// The page of debug mode: what was thrown, where, and by which request.
#pragma once

#include "phial/backtrace/symbols.hpp"
#include "phial/http/request.hpp"

#include <span>
#include <string>
#include <string_view>

namespace phial {

/// An HTML page of an exception: `description` it was, the stack of its throw (empty: not known), and the request,
/// without the values of its credentials.
[[nodiscard]] std::string debug_page(request const &rq, std::string_view description,
                                     std::span<stack_frame const> stack);

} // namespace phial
