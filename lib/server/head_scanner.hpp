// Reads plain heads, which nearly all are, faster than Beast's parser. Private to the server.
#pragma once

#include "phial/http/fields.hpp"
#include "phial/http/limits.hpp"
#include "phial/server/head_facts.hpp"

#include <span>
#include <string_view>

namespace phial {

/// Reads the head at the beginning of `bytes` into `facts`, which must be new; the field lines are kept in `table`.
/// False for everything that is not plain, whether it is right or wrong: Beast's parser then reads it from its
/// beginning, with new facts. A head is plain if it is complete and within the limits, with
/// - a method that is served, a target, HTTP/1.1 or HTTP/1.0, and nothing before them;
/// - field lines of a token, a colon, and a value that has no control characters but tabs, none of them folded;
/// - at most one Content-Length, of a single number; in Connection a single token;
/// - no Transfer-Encoding and no Expect.
/// It need not be valid: Host, for one, is not looked at.
[[nodiscard]] bool read_plain_head(std::string_view bytes, message_limits const &limits, std::span<field> table,
                                   head_facts &facts) noexcept;

} // namespace phial
