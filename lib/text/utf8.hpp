// Whether text is UTF-8, and replacing what is not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace phial {

/// The length of the well-formed sequence (Unicode table 3-7) that `s` begins with, 0 when it begins with none.
/// `s` must not be empty.
[[nodiscard]] std::size_t utf8_sequence(std::string_view s) noexcept;

/// The code point of a well-formed sequence.
[[nodiscard]] char32_t utf8_decode(std::string_view sequence) noexcept;

/// Writes the sequence of a code point, and returns its end. There must be room for four bytes.
char *write_utf8(char *out, char32_t c) noexcept;

[[nodiscard]] bool is_utf8(std::string_view s) noexcept;

/// `s` with U+FFFD for each maximal part that is not UTF-8, as web browsers decode it (Unicode 3.9, U+FFFD substitution
/// of maximal subparts).
[[nodiscard]] std::string to_utf8(std::string_view s);

/// The length of to_utf8(s); at most three times that of `s`.
[[nodiscard]] std::size_t to_utf8_length(std::string_view s) noexcept;

/// Takes the next piece of to_utf8(s) off `s`, which must not be empty: the longest beginning that is UTF-8, or U+FFFD.
[[nodiscard]] std::string_view take_utf8(std::string_view &s) noexcept;

} // namespace phial
