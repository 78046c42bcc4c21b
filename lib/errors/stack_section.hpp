// The part of a debug page that shows a stack. Private to the debug page.
#pragma once

#include "phial/backtrace/symbols.hpp"
#include "phial/runtime/source_tree.hpp"

#include <span>
#include <string>

namespace phial {

/// HTML of a stack (empty: it is not known), with the lines around each call of the service's own functions, if their
/// files are in `sources`.
[[nodiscard]] std::string stack_section(std::span<stack_frame const> stack, source_tree const &sources);

} // namespace phial
