// Values without parts: checked against their schema, and put in their place. Private to the module.
#pragma once

#include "phial/typed/schema.hpp"

#include <cstdint>
#include <string_view>

namespace phial {

/// Each puts a value into the object at `at`, which is of the type; false, and no change, if it does not fit. A schema
/// of another kind fits nothing.
[[nodiscard]] bool store_bool(schema const &type, void *at, bool value) noexcept;
[[nodiscard]] bool store_integer(schema const &type, void *at, std::int64_t value) noexcept;
/// A value above the greatest std::int64_t.
[[nodiscard]] bool store_large_integer(schema const &type, void *at, std::uint64_t value) noexcept;
[[nodiscard]] bool store_real(schema const &type, void *at, double value) noexcept;
/// A number with a fraction or an exponent, and its digits, which follow JSON's grammar. It fits an integer if it is
/// whole: to JSON Schema 1.0 and 1e3 are integers.
[[nodiscard]] bool store_decimal(schema const &type, void *at, double value, std::string_view digits) noexcept;
/// A JSON string. It is UTF-8.
[[nodiscard]] bool store_text(schema const &type, void *at, std::string_view text);
/// The text of any scalar, as a query or a form has it: 7, true, red. A bool may also be on, yes or 1, and off, no or
/// 0.
[[nodiscard]] bool store_word(schema const &type, void *at, std::string_view text);

/// Unicode code points of UTF-8.
[[nodiscard]] std::size_t count_characters(std::string_view text) noexcept;

} // namespace phial
