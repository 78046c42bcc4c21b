// Letters, digits and white space as protocols define them: ASCII, whatever the locale.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace phial {

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr char to_upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

[[nodiscard]] constexpr bool is_alpha(char c) noexcept { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

namespace detail {
// By byte.
inline constexpr auto control_characters = [] {
    std::array<bool, 256> control{};
    for (unsigned char c = 0; c < 0x20; ++c) control[c] = c != '\t';
    control[0x7F] = true;
    return control;
}();
} // namespace detail

/// A control character other than the tab: no text may hold one (RFC 9110 5.5).
[[nodiscard]] constexpr bool is_control(char c) noexcept {
    return detail::control_characters[static_cast<unsigned char>(c)];
}

/// The digits of hexadecimal numbers.
inline constexpr char lower_hex[] = "0123456789abcdef";
inline constexpr char upper_hex[] = "0123456789ABCDEF";

namespace detail {
constexpr bool iequals_of_one_size(std::string_view a, std::string_view b) noexcept {
    // Names of one size often begin alike: Content-Length, Content-Digest.
    constexpr unsigned case_bit = 0x20;
    if (!a.empty() &&
        ((static_cast<unsigned char>(a.back()) ^ static_cast<unsigned char>(b.back())) | case_bit) != case_bit)
        return false;
    return a == b ||
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}
} // namespace detail

/// Equal without regard to the case of ASCII letters. Fast when the case is the same, as it mostly is.
[[nodiscard]] constexpr bool iequals(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && detail::iequals_of_one_size(a, b); // most names differ in size: that needs no call
}

/// Without the spaces and tabs at both ends (OWS, RFC 9110 5.6.3).
[[nodiscard]] constexpr std::string_view trim(std::string_view s) noexcept {
    while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
    while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
    return s;
}

/// Calls `each` with one part after the other of a list with commas between its parts, without the white space around
/// them. An empty list has no parts; otherwise a part may be empty.
template <class F>
constexpr void for_each_part(std::string_view list, F each) {
    if (trim(list).empty()) return;
    for (bool more = true; more;) {
        auto const comma = list.find(',');
        each(trim(list.substr(0, comma)));
        more = comma != list.npos;
        if (more) list.remove_prefix(comma + 1);
    }
}

namespace detail {
// By byte.
inline constexpr auto token_characters = [] {
    std::array<bool, 256> allowed{};
    for (char const c : std::string_view("!#$%&'*+-.^_`|~")) allowed[static_cast<unsigned char>(c)] = true;
    for (unsigned char c = 0; c < 128; ++c)
        allowed[c] = allowed[c] || is_digit(static_cast<char>(c)) || is_alpha(static_cast<char>(c));
    return allowed;
}();
} // namespace detail

/// Whether `c` may be part of a token (RFC 9110 5.6.2).
[[nodiscard]] constexpr bool is_token_char(char c) noexcept {
    return detail::token_characters[static_cast<unsigned char>(c)];
}

/// Takes the token at the beginning of `s` away from it; empty if there is none.
[[nodiscard]] constexpr std::string_view take_token(std::string_view &s) noexcept {
    auto const end = std::find_if_not(s.begin(), s.end(), is_token_char);
    auto const token = s.substr(0, static_cast<std::size_t>(end - s.begin()));
    s.remove_prefix(token.size());
    return token;
}

/// The value of a hexadecimal digit, or -1.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    c = to_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

} // namespace phial
