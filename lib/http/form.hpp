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

/// The pairs in the order sent, decoded. A name alone has an empty value.
using form_fields = std::vector<std::pair<std::string, std::string>>;

/// Such pairs, and what they take of a request's account while they live.
struct held_fields : form_fields {
    memory_share share;
};

/// Pairs are separated by `&` only; empty ones are skipped. What is decoded is text in `from`.
[[nodiscard]] form_fields parse_form(std::string_view text, charset from = charset::utf_8);

/// The same, counted in `account` before it is decoded. Throws http_error(413) for more than `most` pairs, and what
/// memory_account::take throws.
[[nodiscard]] held_fields parse_form(std::string_view text, std::size_t most, std::shared_ptr<memory_account> account,
                                     charset from = charset::utf_8);

/// The first value of that name, decoded. Names have case. Cheaper than parse_form when one name is asked for.
[[nodiscard]] std::optional<std::string> form_value(std::string_view text, std::string_view name);

} // namespace phial
