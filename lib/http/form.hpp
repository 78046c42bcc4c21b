// name=value pairs: queries and application/x-www-form-urlencoded bodies.
#pragma once

#include "phial/http/memory_account.hpp"
#include "phial/text/charset.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {

/// The decoded pairs in the order sent. A name without a value has an empty value.
using form_fields = std::vector<std::pair<std::string, std::string>>;

/// The pairs, with their share of a request's memory account.
struct held_fields : form_fields {
    memory_share share;
};

/// Pairs are separated by `&` only; empty pairs are skipped. `encoding` is the charset of the decoded bytes.
[[nodiscard]] form_fields parse_form(std::string_view text, charset encoding = charset::utf_8);

/// The same, counted in `account` before it is decoded. Throws http_error(413) for more than `most` pairs, and what
/// memory_account::take throws.
[[nodiscard]] held_fields parse_form(std::string_view text, std::size_t most, std::shared_ptr<memory_account> account,
                                     charset encoding = charset::utf_8);

/// Adds a copy of a field for a page of debug mode: a long value is cut, and of many fields only the first are kept.
void keep_to_show(form_fields &shown, std::string_view name, std::string_view value);

/// The first value of that name, decoded. Names are case-sensitive. Cheaper than parse_form when only one name is
/// needed.
[[nodiscard]] std::optional<std::string> form_value(std::string_view text, std::string_view name);

} // namespace phial
