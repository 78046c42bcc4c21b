// Reading what a client sent into an object, by the schema of its type.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/typed/schema.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace phial {

inline constexpr std::size_t deepest = 1000;

/// Reads a JSON text (RFC 8259) into `object`, which was made and has its defaults. What does not fit is added to
/// `found`, and the rest is read nevertheless. Returns the error if the text is no JSON, see json::parse; then `found`
/// means nothing. `depth`: how deep arrays and objects may be nested,
/// at most `deepest`, because values of recursive types are written and destroyed by recursion. What the object takes
/// is counted in `held` before it is allocated. Throws what memory_account::take throws.
[[nodiscard]] std::optional<http_error> read_json(schema const &type, void *object, std::string_view text,
                                                  std::size_t depth, memory_share &held, fault_list &found);

using name_and_value = std::pair<std::string, std::string>;

/// Where pairs of names and texts come from.
enum class pair_source { query, header, form };

/// Reads the pairs into an object, which is a struct: each member is a scalar, an optional of one, or an array of them,
/// which takes all pairs of its name. In header fields the names are those of the members, not of the fields. Names
/// without a member are ignored, but not in a form, or a query whose struct says `static constexpr bool strict = true`.
void read_pairs(schema const &type, void *object, pair_source source, std::span<name_and_value const> pairs,
                memory_share &held, fault_list &found);

/// Whether a member is that header field: if_match is If-Match.
[[nodiscard]] bool is_field_name(std::string_view member, std::string_view field) noexcept;

} // namespace phial
