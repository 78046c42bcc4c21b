// The values that a path has for the parameters of its route.
#pragma once

#include "phial/routing/pattern.hpp"

#include <boost/container/static_vector.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace phial {

struct path_value {
    std::string_view text;
    std::int64_t integer = 0;
    double floating = 0;

    template <class T>
    [[nodiscard]] T as() const noexcept {
        if constexpr (std::is_same_v<T, std::int64_t>)
            return integer;
        else if constexpr (std::is_same_v<T, double>)
            return floating;
        else
            return text;
    }
};

/// In the order of the parameters. (A std::array would write all of its elements for each request.)
struct path_values : boost::container::static_vector<path_value, max_segments> {};

/// Converts a segment (for `path`: the rest of the path); nothing if the text does not match the converter.
[[nodiscard]] std::optional<path_value> convert(segment_kind kind, std::string_view text) noexcept;

} // namespace phial
