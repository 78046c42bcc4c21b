// JSON strings in the one form that this service writes: every character but printable ASCII escaped. And read again.
#pragma once

#include "phial/text/utf8.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace phial {

/// Writes the escape of one character that is not printable ASCII, or is a quote or a backslash, and returns its end.
/// There must be room for 12 bytes.
char *write_json_escape(char *out, char32_t c) noexcept;

/// Appends the same.
void append_json_escape(std::string &out, char32_t c);

/// An escape that was read.
struct json_escape {
    char32_t c;
    std::size_t length; // 0: it is none
};

/// The escape that `s` begins with, which is its backslash; two for a surrogate pair, and none for a lone surrogate.
[[nodiscard]] json_escape read_json_escape(std::string_view s) noexcept;

/// Takes one character off the beginning of `written`, the inside of a JSON string, which must not be empty. Returns it
/// as UTF-8: its escape in `room`, which has four bytes, or any other byte where it is. A backslash that begins no
/// escape is such a byte.
[[nodiscard]] std::string_view take_json_character(std::string_view &written, char *room) noexcept;

/// The inside of a JSON string as UTF-8.
[[nodiscard]] std::string unescape_json(std::string_view written);

namespace detail {
// By byte, because texts are read byte by byte.
inline constexpr auto plain_in_json = [] {
    std::array<bool, 256> plain{};
    for (unsigned char c = ' '; c <= '~'; ++c) plain[c] = c != '"' && c != '\\';
    return plain;
}();
} // namespace detail

/// Whether a character is written as it is.
[[nodiscard]] constexpr bool is_plain_json(char c) noexcept {
    return detail::plain_in_json[static_cast<unsigned char>(c)];
}

/// How many characters that are written as they are a text begins with.
[[nodiscard]] std::size_t plain_json_length(std::string_view s) noexcept;

/// Appends the characters of a JSON string; bytes that are not UTF-8 become U+FFFD. `out` is anything with += for texts
/// and characters.
template <class Out>
void append_json_characters(Out &out, std::string_view s) {
    std::string escaped; // collected, for an `out` that is slow with small texts
    while (!s.empty()) {
        auto const plain = plain_json_length(s);
        if (plain != 0) out += s.substr(0, plain);
        s.remove_prefix(plain);
        escaped.clear();
        while (!s.empty() && !is_plain_json(s.front()) && escaped.size() < 256) {
            if (auto const length = utf8_sequence(s); length != 0) {
                append_json_escape(escaped, utf8_decode(s.substr(0, length)));
                s.remove_prefix(length);
            } else {
                (void)take_utf8(s);
                append_json_escape(escaped, 0xFFFD);
            }
        }
        if (!escaped.empty()) out += std::string_view(escaped);
    }
}

/// Appends a JSON string, with its quotes.
template <class Out>
void append_json_string(Out &out, std::string_view s) {
    out += '"';
    append_json_characters(out, s);
    out += '"';
}

} // namespace phial
