// Several texts and numbers as one string.
#pragma once

#include "phial/text/number.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace phial {

namespace detail {
inline void append_part(std::string &out, std::string_view part) { out += part; }
inline void append_part(std::string &out, std::same_as<char> auto part) { out += part; }
inline void append_part(std::string &out, std::floating_point auto part) { append_double(out, part); }
template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
void append_part(std::string &out, T part) {
    if constexpr (std::is_signed_v<T>)
        append_integer(out, std::int64_t{part});
    else
        append_integer(out, std::uint64_t{part});
}

// Characters that a part probably needs.
inline std::size_t room_for(std::string_view part) { return part.size(); }
template <class T>
    requires std::is_arithmetic_v<T>
std::size_t room_for(T) {
    return std::numeric_limits<T>::digits10;
}

// A text becomes a view once, however often it is looked at.
inline std::string_view part_of(std::string_view s) noexcept { return s; }
template <class T>
    requires std::is_arithmetic_v<T>
T part_of(T number) noexcept {
    return number;
}

template <class... Parts>
std::string join(Parts const &...parts) {
    std::string out;
    out.reserve((std::size_t{0} + ... + room_for(parts)));
    (append_part(out, parts), ...);
    return out;
}
} // namespace detail

/// The parts in one string: texts and characters as they are, numbers as Python prints them.
template <class... Parts>
[[nodiscard]] std::string concat(Parts const &...parts) {
    return detail::join(detail::part_of(parts)...);
}

} // namespace phial
