// Types of members that say what they may hold. All but json have their meaning from their C++ type alone.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace phial {

namespace detail {

inline constexpr auto unlimited = std::numeric_limits<std::size_t>::max();

// `text_of<> t;` leaves the byte as it was, and every initialiser, also `{}`, makes it zero: so whether a member has an
// initialiser can be seen (object_facts.cpp), which a std::string does not tell.
struct initialiser_mark {
    unsigned char zero;
};

} // namespace detail

/// The form of a text_of that may hold any text.
struct any_text {};

/// A string of Min to Max characters (Unicode code points). A `Form` may ask for more, by static members:
///
///     struct slug {
///         static constexpr std::string_view pattern = "^[a-z0-9-]+$";        // ECMA-262, for the documentation
///         static constexpr std::string_view expected = "letters, digits, -"; // for the client whose text is wrong
///         static bool matches(std::string_view text) noexcept;
///         static constexpr std::string_view example = "my-note";             // for the documentation; optional
///     };
///
/// It holds what it is given: only what a client sends is checked.
template <std::size_t Min = 0, std::size_t Max = detail::unlimited, class Form = any_text>
struct text_of : std::string {
    static_assert(Min <= Max, "phial: text_of<Min, Max>: Min is greater than Max, so no text fits");
    text_of() = default;
    text_of(std::string s) noexcept : std::string(std::move(s)), initialised_{} {}
    text_of(std::string_view s) : std::string(s), initialised_{} {}
    text_of(char const *s) : std::string(s), initialised_{} {}

    detail::initialiser_mark initialised_;
};

/// A number from Low to High, both included: an std::int64_t if they are integers, else a double. It holds what it is
/// given: only what a client sends is checked.
template <auto Low, auto High>
struct number_of {
    using value_type = std::conditional_t<std::integral<decltype(Low)>, std::int64_t, double>;
    static_assert(std::integral<decltype(Low)> == std::integral<decltype(High)>,
                  "phial: number_of<Low, High>: one is an integer and the other is not");
    static_assert(Low <= High, "phial: number_of<Low, High>: Low is greater than High, so no number fits");
    number_of() = default;
    constexpr number_of(value_type v) noexcept : value(v) {}
    constexpr operator value_type() const noexcept { return value; }

    value_type value;
};

/// A vector of Min to Max elements.
template <class T, std::size_t Max = detail::unlimited, std::size_t Min = 0>
struct list_of : std::vector<T> {
    static_assert(Min <= Max, "phial: list_of<T, Max, Min>: Min is greater than Max, so no list fits");
    list_of() = default;
    list_of(std::vector<T> v) noexcept : std::vector<T>(std::move(v)), initialised_{} {}
    list_of(std::initializer_list<T> l) : std::vector<T>(l), initialised_{} {}

    detail::initialiser_mark initialised_;
};

/// An object whose names the client chooses: at most Max of them.
template <class T, std::size_t Max = detail::unlimited>
struct map_of : std::map<std::string, T> {
    map_of() = default;
    map_of(std::map<std::string, T> m) noexcept : std::map<std::string, T>(std::move(m)), initialised_{} {}
    map_of(std::initializer_list<std::pair<std::string const, T>> l) : std::map<std::string, T>(l), initialised_{} {}

    detail::initialiser_mark initialised_;
};

/// A point in time: an RFC 3339 date-time, "2026-11-28T12:00:00.250Z". Other offsets are understood and become UTC;
/// digits after the third of a second are dropped; a leap second is the first of the next minute.
using moment = std::chrono::sys_time<std::chrono::milliseconds>;

/// A day: an RFC 3339 full-date, "2026-11-28".
using date = std::chrono::year_month_day;

} // namespace phial
