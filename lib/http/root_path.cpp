#include "phial/http/root_path.hpp"

#include "phial/text/ascii.hpp"

namespace phial {
namespace {

// segment-nz of RFC 3986 3.3, and not a dot segment (5.2.4), which clients would resolve; they take %2E for a dot.
bool is_segment(std::string_view s) noexcept {
    constexpr std::string_view marks = "-._~!$&'()*+,;=:@";
    std::size_t dots = 0;
    std::size_t characters = 0;
    for (std::size_t i = 0; i < s.size(); ++i, ++characters) {
        if (s[i] == '%') {
            if (s.size() - i < 3 || hex_value(s[i + 1]) < 0 || hex_value(s[i + 2]) < 0) return false;
            dots += iequals(s.substr(i, 3), "%2e") ? 1 : 0;
            i += 2;
        } else if (s[i] == '.') {
            ++dots;
        } else if (!is_alpha(s[i]) && !is_digit(s[i]) && marks.find(s[i]) == marks.npos) {
            return false;
        }
    }
    return characters > 0 && (dots < characters || dots > 2);
}

} // namespace

std::optional<std::string_view> read_root_path(std::string_view text) noexcept {
    if (!text.starts_with('/') || text.size() > longest_root_path) return std::nullopt;
    if (text.ends_with('/')) text.remove_suffix(1);
    for (auto rest = text; !rest.empty();) {
        auto const end = rest.find('/', 1);
        if (!is_segment(rest.substr(1, end == rest.npos ? end : end - 1))) return std::nullopt;
        rest.remove_prefix(end == rest.npos ? rest.size() : end);
    }
    return text;
}

} // namespace phial
