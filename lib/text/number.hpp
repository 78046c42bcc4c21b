// Numbers as text, the way Python prints them and JSON may hold them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// The shortest digits that read back as the same double, laid out as Python's repr: `1.0`, `7.5`, exponent form below
/// 1e-4 and from 1e16 (`1e-05`, `1e+16`).
void append_double(std::string &out, double value);

/// Whether append_double surely prints this number as it is written: `digits.digits` or with a minus sign, without
/// leading zeros, as JSON's grammar wants it. False for some that it prints so, too.
[[nodiscard]] bool is_printed_so(std::string_view decimal) noexcept;

/// The number of append_double without an exponent, every digit written, and always with a point: `0.00001`,
/// `10000000000000000.0`.
void append_fixed(std::string &out, double value);

void append_integer(std::string &out, std::int64_t value);
void append_integer(std::string &out, std::uint64_t value);

/// Reads a decimal number that is known to be well formed (JSON's grammar, or `digits.digits`). Nothing when it is too
/// large for a double; zero when it is too small. Correctly rounded.
[[nodiscard]] std::optional<double> parse_double(std::string_view text);

/// The digits as a number; nothing when the text is empty, holds another character, or does not fit. Leading zeros are
/// allowed.
[[nodiscard]] std::optional<std::int64_t> parse_digits(std::string_view text) noexcept;

} // namespace phial
