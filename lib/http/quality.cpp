#include "phial/http/quality.hpp"

#include "phial/text/ascii.hpp"

#include <algorithm>
#include <cstddef>

namespace phial {

// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
std::optional<int> parse_quality(std::string_view s) noexcept {
    auto const point = s.find('.');
    auto const whole = s.substr(0, point);
    auto const fraction = point == s.npos ? std::string_view() : s.substr(point + 1);
    if (whole.size() > 1 || (whole.empty() && fraction.empty()) ||
        !std::all_of(fraction.begin(), fraction.end(), is_digit))
        return std::nullopt;
    bool const fraction_is_zero = fraction.find_first_not_of('0') == fraction.npos;
    if (whole == "1") return fraction_is_zero ? std::optional(1000) : std::nullopt;
    if (!whole.empty() && whole != "0") return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < 3; ++i) value = value * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
    return value == 0 && !fraction_is_zero ? 1 : value;
}

} // namespace phial
