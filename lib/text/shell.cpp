#include "phial/text/shell.hpp"

#include "phial/text/ascii.hpp"

#include <algorithm>

namespace phial {

std::string shell_word(std::string_view s) {
    auto const is_plain = [](char c) {
        return is_digit(c) || is_alpha(c) || std::string_view("./_-@+").find(c) != std::string_view::npos;
    };
    if (!s.empty() && std::all_of(s.begin(), s.end(), is_plain)) return std::string(s);
    std::string out = "'";
    for (char const c : s) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out += '\'';
}

} // namespace phial
