// Reads any head with Beast's parser, and decides what is wrong with it. Private to the server.
#pragma once

#include "phial/http/fields.hpp"
#include "phial/http/limits.hpp"
#include "phial/server/head_facts.hpp"

#include <span>
#include <string_view>

namespace phial {

/// Reads the head at the beginning of `bytes`, after empty lines (RFC 9112 2.2), into `facts`, which must be new. The
/// field lines are kept in `table`. On `refused`, facts.why says why.
[[nodiscard]] head_result read_head_with_beast(std::string_view bytes, message_limits const &limits,
                                               std::span<field> table, head_facts &facts);

} // namespace phial
