// Header fields of responses and errors, collected as they are sent.
#pragma once

#include "phial/text/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace phial {

/// The name of a field that the server sets itself, if it is this one; else an empty text.
[[nodiscard]] constexpr std::string_view server_field(std::string_view name) noexcept {
    constexpr auto only = [](std::string_view known, std::string_view given) {
        return iequals(known, given) ? known : std::string_view();
    };
    switch (name.size()) { // most names are compared with none
    case 4: return only("Date", name);
    case 6: return only("Server", name);
    case 10: return only("Connection", name);
    case 14: return only("Content-Length", name);
    case 17: return only("Transfer-Encoding", name);
    default: return {};
    }
}

[[nodiscard]] constexpr bool is_field_name(std::string_view s) noexcept {
    return !s.empty() && std::all_of(s.begin(), s.end(), is_token_char);
}

/// Not when it holds control characters: a line end would begin another field.
[[nodiscard]] constexpr bool is_field_value(std::string_view s) noexcept {
    return std::none_of(s.begin(), s.end(), is_control);
}

/// A field line as a literal, "Vary: Accept". If a response must not have it, it does not compile.
struct literal_field {
    template <std::size_t N>
    consteval literal_field(char const (&s)[N]) : line(s, N - 1) {
        auto const colon = line.find(": ");
        auto const name = line.substr(0, colon);
        if (colon == line.npos || !is_field_name(name) || !server_field(name).empty() ||
            iequals(name, "Content-Type") || !is_field_value(line.substr(colon + 2)))
            throw "phial: a literal field is \"Name: value\"; not Content-Type, and none that the server sets";
    }
    std::string_view line;
};

/// Appends a field line, ended by CR LF. Throws std::invalid_argument when the name is not a token, when the value
/// holds control characters, or when the field is one that the server sets.
void append_field_line(std::string &lines, std::string_view name, std::string_view value);

/// Removes the first line from `lines`, which is not empty, and returns it with its CR LF.
[[nodiscard]] std::string_view take_field_line(std::string_view &lines) noexcept;

/// Whether a line has that name; case does not matter.
[[nodiscard]] bool is_field_named(std::string_view line, std::string_view name) noexcept;

} // namespace phial
