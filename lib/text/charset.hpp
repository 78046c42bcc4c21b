// The charsets that text is read in, by the labels of the WHATWG Encoding Standard.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace phial {

enum class charset {
    utf_8,       // and US-ASCII, which is a part of it
    windows_1252 // and ISO-8859-1: the standard reads both alike, because clients confuse them
};

/// What a label such as "UTF8" or "latin1" stands for; case and the white space around it do not count. The labels are
/// those of the standard for UTF-8 and for windows-1252; of the latter, those of US-ASCII give utf_8. Nothing for any
/// other.
[[nodiscard]] std::optional<charset> find_charset(std::string_view label) noexcept;

/// A label as a message may show it: UTF-8, and cut when it is long.
[[nodiscard]] std::string shown_label(std::string_view label);

/// `text` as UTF-8; bytes that are not in the charset become U+FFFD (windows-1252 has all).
[[nodiscard]] std::string to_utf8(std::string_view text, charset from);

/// The length of to_utf8(text, from), without converting it; at most three times that of `text`.
[[nodiscard]] std::size_t to_utf8_length(std::string_view text, charset from) noexcept;

} // namespace phial
