// The charsets in which text is read, with the labels of the WHATWG Encoding Standard.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace phial {

enum class charset {
    utf_8,       // and US-ASCII, its subset
    windows_1252 // and ISO-8859-1: the standard reads both alike, because clients confuse them
};

/// The charset that a label such as "UTF8" or "latin1" names; case and white space around it are ignored. The labels
/// are those of the standard for UTF-8 and for windows-1252, except that those of US-ASCII give utf_8. Nothing for any
/// other.
[[nodiscard]] std::optional<charset> find_charset(std::string_view label) noexcept;

/// A label for use in a message: UTF-8, and cut when it is long.
[[nodiscard]] std::string shown_label(std::string_view label);

/// `text` as UTF-8; bytes that are not in the charset become U+FFFD (every byte is in windows-1252).
[[nodiscard]] std::string to_utf8(std::string_view text, charset encoding);

/// The length of to_utf8(text, encoding), without converting it; at most three times that of `text`.
[[nodiscard]] std::size_t to_utf8_length(std::string_view text, charset encoding) noexcept;

} // namespace phial
