// The converters of route patterns.
#include "phial/routing/path_value.hpp"

#include "phial/text/number.hpp"

#include <algorithm>

namespace phial {
namespace {

bool all_digits(std::string_view s) noexcept { return !s.empty() && std::all_of(s.begin(), s.end(), is_digit); }

std::optional<path_value> convert_float(std::string_view text) {
    auto const dot = text.find('.');
    if (dot == text.npos || !all_digits(text.substr(0, dot)) || !all_digits(text.substr(dot + 1))) return std::nullopt;
    auto const value = parse_double(text);
    return value ? std::optional(path_value{text, 0, *value}) : std::nullopt;
}

} // namespace

std::optional<path_value> convert(segment_kind kind, std::string_view text) noexcept {
    switch (kind) {
    case segment_kind::integer: {
        auto const value = parse_digits(text);
        return value ? std::optional(path_value{text, *value, 0}) : std::nullopt;
    }
    case segment_kind::floating: return convert_float(text);
    case segment_kind::text: return text.empty() ? std::nullopt : std::optional(path_value{text, 0, 0});
    case segment_kind::path:
        return text.empty() || text.front() == '/' ? std::nullopt : std::optional(path_value{text, 0, 0});
    case segment_kind::literal: break;
    }
    return std::nullopt;
}

} // namespace phial
