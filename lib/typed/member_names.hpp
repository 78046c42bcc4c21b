// The members of an aggregate: their addresses, and their names as the compiler prints them. C++26's reflection would
// replace this file.
#pragma once

#include "phial/typed/schema.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace phial::detail {

// Initialises any member, in an expression that is not evaluated. Only as a prvalue: a constructor that takes all that
// converts to a text must not take it.
struct any_member {
    template <class U>
        requires(!std::is_lvalue_reference_v<U>)
    operator U() const && noexcept {
        __builtin_unreachable(); // clang wants a body where U has no linkage
    }
};

template <class T, std::size_t... I>
consteval bool takes(std::index_sequence<I...>) {
    return requires { T{(static_cast<void>(I), any_member())...}; };
}

// How many members T has. What takes n initialisers takes fewer, too.
template <class T, std::size_t Low = 0, std::size_t High = sizeof(T) < most_members + 1 ? sizeof(T) : most_members + 1>
consteval std::size_t member_count() {
    if constexpr (Low == High)
        return Low;
    else if constexpr (constexpr auto middle = (Low + High + 1) / 2; takes<T>(std::make_index_sequence<middle>()))
        return member_count<T, middle, High>();
    else
        return member_count<T, Low, middle - 1>();
}

template <class T, std::size_t... I, std::size_t... J>
consteval bool takes_empty(std::index_sequence<I...>, std::index_sequence<J...>) {
    return requires { T{(static_cast<void>(I), any_member())..., {}, (static_cast<void>(J), any_member())...}; };
}
template <class T, std::size_t... I>
consteval bool all_take_empty(std::index_sequence<I...>) {
    return (takes_empty<T>(std::make_index_sequence<I>(), std::make_index_sequence<sizeof...(I) - 1 - I>()) && ...);
}
// member_count counts the elements of an array. An empty initialiser where it begins is for all of it, and then the
// initialisers are too many.
template <class T>
concept has_array = !all_take_empty<T>(std::make_index_sequence<member_count<T>()>());

// Pointers to members, in order. (A std::tuple compiles more slowly.)
template <std::size_t I, class M>
struct member_address {
    M *at;
};
template <class Indices, class... M>
struct member_list;
template <std::size_t... I, class... M>
struct member_list<std::index_sequence<I...>, M...> : member_address<I, M>... {};
template <std::size_t I, class M>
constexpr M *address_of(member_address<I, M> const &one) noexcept {
    return one.at;
}
template <class... M>
constexpr auto addresses(M &...m) noexcept {
    return member_list<std::index_sequence_for<M...>, M...>{{std::addressof(m)}...};
}

// The members of `object`, which has N. The compiler quotes the line it does not understand, so that line says what is
// wrong.
// clang-format off
#define PHIAL_MEMBERS(n, ...) \
    if constexpr (N == n) { \
        auto &[__VA_ARGS__] = object; /* phial: a typed struct has no base class, array, bit-field, reference or private member */ \
        return addresses(__VA_ARGS__); \
    } else
template <std::size_t N, class T>
constexpr auto members_of(T &object) noexcept {
    PHIAL_MEMBERS(1, a)
    PHIAL_MEMBERS(2, a, b)
    PHIAL_MEMBERS(3, a, b, c)
    PHIAL_MEMBERS(4, a, b, c, d)
    PHIAL_MEMBERS(5, a, b, c, d, e)
    PHIAL_MEMBERS(6, a, b, c, d, e, f)
    PHIAL_MEMBERS(7, a, b, c, d, e, f, g)
    PHIAL_MEMBERS(8, a, b, c, d, e, f, g, h)
    PHIAL_MEMBERS(9, a, b, c, d, e, f, g, h, i)
    PHIAL_MEMBERS(10, a, b, c, d, e, f, g, h, i, j)
    PHIAL_MEMBERS(11, a, b, c, d, e, f, g, h, i, j, k)
    PHIAL_MEMBERS(12, a, b, c, d, e, f, g, h, i, j, k, l)
    PHIAL_MEMBERS(13, a, b, c, d, e, f, g, h, i, j, k, l, m)
    PHIAL_MEMBERS(14, a, b, c, d, e, f, g, h, i, j, k, l, m, n)
    PHIAL_MEMBERS(15, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)
    PHIAL_MEMBERS(16, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
    PHIAL_MEMBERS(17, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)
    PHIAL_MEMBERS(18, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r)
    PHIAL_MEMBERS(19, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s)
    PHIAL_MEMBERS(20, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t)
    PHIAL_MEMBERS(21, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u)
    PHIAL_MEMBERS(22, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v)
    PHIAL_MEMBERS(23, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w)
    PHIAL_MEMBERS(24, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x)
    PHIAL_MEMBERS(25, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y)
    PHIAL_MEMBERS(26, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z)
    PHIAL_MEMBERS(27, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa)
    PHIAL_MEMBERS(28, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb)
    PHIAL_MEMBERS(29, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc)
    PHIAL_MEMBERS(30, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd)
    PHIAL_MEMBERS(31, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd, ee)
    PHIAL_MEMBERS(32, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd, ee, ff)
    static_assert(N <= most_members, "phial: a typed struct has at most 32 members");
}
#undef PHIAL_MEMBERS
// clang-format on

// Never defined and never read: it only has addresses.
template <class T>
struct storage {
    T value;
};
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
template <class T>
extern storage<T> const nowhere;

// g++: "... [with auto ...P = {(& nowhere<note>.value.note::id), ...}; ...", clang: "... [P = <&nowhere.value.id,
// ...>]".
template <auto... P>
consteval std::string_view printed() {
    return __PRETTY_FUNCTION__;
}

constexpr bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The last word of each of the N things that printed() prints.
template <std::size_t N>
constexpr std::array<std::string_view, N> last_words(std::string_view text) {
    std::array<std::string_view, N> words{};
    std::size_t at = text.find("P = ") + 5; // after the bracket, too
    std::size_t begin = at;
    int depth = 0;
    for (std::size_t n = 0; n < N; ++at) {
        char const c = text[at];
        bool const opens = c == '(' || c == '{' || c == '[';
        bool const closes = c == ')' || c == '}' || c == ']';
        bool const is_end = depth == 0 && (c == ',' || closes || (c == '>' && text[at + 1] == ']'));
        if (is_word(c) && !is_word(text[at - 1])) begin = at;
        if (is_end) {
            auto end = at;
            while (!is_word(text[end - 1])) --end;
            words[n++] = text.substr(begin, end - begin);
        }
        depth += opens ? 1 : closes ? -1 : 0;
    }
    return words;
}

template <class T, std::size_t... I>
consteval auto find_member_names(std::index_sequence<I...>) {
    constexpr auto all = members_of<sizeof...(I)>(nowhere<T>.value);
    return last_words<sizeof...(I)>(printed<address_of<I>(all)...>());
}
template <class T>
inline constexpr auto member_names = find_member_names<T>(std::make_index_sequence<member_count<T>()>());
#ifdef __clang__
#pragma clang diagnostic pop
#endif

} // namespace phial::detail
