// Route patterns as compile-time values: "/articles/<int:id>", parsed and checked by the compiler.
#pragma once

#include "phial/text/ascii.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

namespace phial {

/// A string that can be a template argument.
template <std::size_t N>
struct fixed_string {
    consteval fixed_string(char const (&s)[N]) {
        for (std::size_t i = 0; i < N; ++i) chars[i] = s[i];
    }
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {chars, N - 1}; }
    char chars[N]{};
};

/// What a segment of a pattern matches, in the order in which alternatives are tried.
enum class segment_kind : std::uint8_t {
    literal,
    integer,  // <int:name>     ASCII digits, no sign, at most 2^63-1; std::int64_t
    floating, // <float:name>   digits.digits, no sign, no exponent; double
    text,     // <name>         text without a slash, not empty; std::string_view
    path      // <path:name>    the rest, slashes included, not empty, no slash first; std::string_view
};

struct pattern_segment {
    segment_kind kind = segment_kind::literal;
    std::string_view text; // of a literal, or the name of a parameter
};

enum class pattern_error {
    none,
    no_leading_slash,
    bad_character,
    bad_bracket,
    braces,
    unknown_converter,
    bad_name,
    doubled_name,
    path_not_last,
    empty_segment,
    too_many
};

inline constexpr std::size_t max_segments = 16;

struct parsed_pattern {
    pattern_error error = pattern_error::none;
    std::size_t size = 0;
    std::array<pattern_segment, max_segments> segments{};

    [[nodiscard]] constexpr std::size_t parameters() const noexcept {
        std::size_t n = 0;
        for (std::size_t i = 0; i < size; ++i) n += segments[i].kind == segment_kind::literal ? 0 : 1;
        return n;
    }
    /// The kind of the i-th parameter.
    [[nodiscard]] constexpr segment_kind parameter(std::size_t i) const noexcept {
        for (std::size_t s = 0;; ++s)
            if (segments[s].kind != segment_kind::literal && i-- == 0) return segments[s].kind;
    }
};

namespace detail {

// With -fsanitize=undefined, g++ 12 does not accept std::string_view::find as a constant expression when it reads a
// template argument.
constexpr std::size_t find(std::string_view s, char c) noexcept {
    std::size_t i = 0;
    while (i < s.size() && s[i] != c) ++i;
    return i;
}

constexpr bool contains(std::string_view s, char c) noexcept { return find(s, c) < s.size(); }

constexpr bool is_name(std::string_view s) noexcept {
    for (char const c : s)
        if (!is_digit(c) && (to_lower(c) < 'a' || to_lower(c) > 'z') && c != '_') return false;
    return !s.empty() && !is_digit(s.front());
}

// "<int:id>" without its brackets.
constexpr pattern_error parse_parameter(std::string_view inside, pattern_segment &out) noexcept {
    auto const colon = find(inside, ':');
    auto const converter = colon == inside.size() ? std::string_view("string") : inside.substr(0, colon);
    out.text = colon == inside.size() ? inside : inside.substr(colon + 1);
    if (converter == "string")
        out.kind = segment_kind::text;
    else if (converter == "int")
        out.kind = segment_kind::integer;
    else if (converter == "float")
        out.kind = segment_kind::floating;
    else if (converter == "path")
        out.kind = segment_kind::path;
    else
        return pattern_error::unknown_converter;
    return is_name(out.text) ? pattern_error::none : pattern_error::bad_name;
}

constexpr pattern_error parse_segment(std::string_view s, pattern_segment &out) noexcept {
    if (s.starts_with('<') && !contains(s.substr(1), '<') && find(s, '>') + 1 == s.size())
        return parse_parameter(s.substr(1, s.size() - 2), out);
    if (contains(s, '<') || contains(s, '>')) return pattern_error::bad_bracket;
    if (contains(s, '{') || contains(s, '}')) return pattern_error::braces;
    for (char const c : s)
        if (static_cast<unsigned char>(c) <= ' ' || c == '?' || c == '#' || c == '%' || c == 0x7F)
            return pattern_error::bad_character;
    out = {segment_kind::literal, s};
    return pattern_error::none;
}

} // namespace detail

/// Parses a pattern. A final slash is followed by one more segment, the empty literal; so "/" has one segment. The
/// empty pattern has none: it is the prefix of its blueprint.
constexpr parsed_pattern parse_pattern(std::string_view text) noexcept {
    parsed_pattern p;
    auto const fail = [&p](pattern_error e) {
        p.error = e;
        return p;
    };
    if (!text.empty() && !text.starts_with('/')) return fail(pattern_error::no_leading_slash);
    while (!text.empty()) {
        text.remove_prefix(1);
        auto const s = text.substr(0, detail::find(text, '/'));
        text.remove_prefix(s.size());
        if (p.size == max_segments) return fail(pattern_error::too_many);
        if (p.size > 0 && p.segments[p.size - 1].kind == segment_kind::path) return fail(pattern_error::path_not_last);
        if (s.empty() && !text.empty()) return fail(pattern_error::empty_segment);
        auto &segment = p.segments[p.size];
        if (auto const e = detail::parse_segment(s, segment); e != pattern_error::none) return fail(e);
        for (std::size_t i = 0; i < p.size; ++i)
            if (segment.kind != segment_kind::literal && p.segments[i].kind != segment_kind::literal &&
                p.segments[i].text == segment.text)
                return fail(pattern_error::doubled_name);
        ++p.size;
    }
    return p;
}

/// A pattern that the compiler has accepted. For any other the compiler prints a sentence that says what is wrong.
template <fixed_string Text>
struct checked_pattern {
    static constexpr parsed_pattern value = parse_pattern(Text.view());
    static_assert(value.error != pattern_error::no_leading_slash, "phial: a route pattern begins with a slash");
    static_assert(value.error != pattern_error::bad_character,
                  "phial: a route pattern is written decoded, without white space, '?', '#' and '%'");
    static_assert(value.error != pattern_error::bad_bracket,
                  "phial: a parameter of a route pattern is a whole segment: /<name>/ or /<converter:name>/");
    static_assert(value.error != pattern_error::braces,
                  "phial: a parameter of a route pattern is written <name> or <int:name>, not {name}");
    static_assert(value.error != pattern_error::unknown_converter,
                  "phial: the converters of route patterns are string, int, float and path");
    static_assert(value.error != pattern_error::bad_name,
                  "phial: the name of a route parameter is made of letters, digits and underscores, no digit first");
    static_assert(value.error != pattern_error::doubled_name,
                  "phial: two parameters of a route pattern have the same name");
    static_assert(value.error != pattern_error::path_not_last,
                  "phial: a <path:...> parameter takes the rest of the path, so it comes last in a route pattern");
    static_assert(value.error != pattern_error::empty_segment, "phial: a route pattern has no doubled slashes");
    static_assert(value.error != pattern_error::too_many, "phial: a route pattern has at most 16 segments");
};

/// The C++ type of a parameter.
template <segment_kind>
struct parameter_type {
    using type = std::string_view;
};
template <>
struct parameter_type<segment_kind::integer> {
    using type = std::int64_t;
};
template <>
struct parameter_type<segment_kind::floating> {
    using type = double;
};

namespace detail {
template <fixed_string Text, std::size_t... I>
std::tuple<typename parameter_type<checked_pattern<Text>::value.parameter(I)>::type...>
    parameter_tuple(std::index_sequence<I...>);
}

/// The types of a pattern's parameters, in order, as a std::tuple.
template <fixed_string Text>
using parameters_of =
    decltype(detail::parameter_tuple<Text>(std::make_index_sequence<checked_pattern<Text>::value.parameters()>()));

/// A route as a value: its pattern, and the name that url_for uses. Names are unique in an app.
///
///     inline constexpr route<"/articles/<id>", "article"> article;
template <fixed_string Pattern, fixed_string Name = "">
struct route {
    static constexpr parsed_pattern pattern = checked_pattern<Pattern>::value;
    [[nodiscard]] static constexpr std::string_view text() noexcept { return Pattern.view(); }
    [[nodiscard]] static constexpr std::string_view name() noexcept { return Name.view(); }
};

} // namespace phial
