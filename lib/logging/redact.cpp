#include "phial/logging/redact.hpp"

#include "phial/text/ascii.hpp"

#include <algorithm>
#include <array>

namespace phial {
namespace {

constexpr std::size_t longest = 2048;

// For an absolute target (http://user:password@host/): where the @ is, else 0.
std::string_view::size_type end_of_user(std::string_view target) noexcept {
    auto const authority = target.find("://");
    if (target.starts_with('/') || authority == target.npos) return 0;
    auto const host_end = target.find_first_of("/?#", authority + 3);
    auto const at_sign = target.substr(0, host_end).rfind('@');
    return at_sign == target.npos || at_sign < authority ? 0 : at_sign;
}

void append_query(std::string &out, std::string_view query) {
    while (!query.empty()) {
        auto const argument = query.substr(0, query.find('&'));
        auto const equals = argument.find('=');
        auto const name = argument.substr(0, equals);
        if (equals != argument.npos && names_a_secret(name))
            out.append(name).append("=***");
        else
            out += argument;
        query.remove_prefix(argument.size());
        if (query.empty()) break;
        out += '&';
        query.remove_prefix(1);
    }
}

} // namespace

bool names_a_secret(std::string_view name) noexcept {
    static constexpr std::array<std::string_view, 8> words{"authorization", "cookie", "pass",      "token",
                                                           "secret",        "key",    "signature", "credential"};
    return std::any_of(words.begin(), words.end(), [name](std::string_view word) {
        auto const found = std::search(name.begin(), name.end(), word.begin(), word.end(),
                                       [](char a, char b) { return to_lower(a) == b; });
        return found != name.end();
    });
}

std::string loggable_target(std::string_view target) {
    std::string out;
    if (auto const user_end = end_of_user(target); user_end != 0) {
        out.append(target.substr(0, target.find("://") + 3)).append("***");
        target.remove_prefix(user_end);
    }
    auto const mark = target.find('?');
    out += target.substr(0, mark);
    if (mark != target.npos) {
        out += '?';
        append_query(out, target.substr(mark + 1));
    }
    if (out.size() > longest) out.replace(longest, out.npos, "...");
    return out;
}

bool is_loggable(std::string_view target) noexcept {
    return target.size() <= longest && target.starts_with('/') && target.find('?') == target.npos;
}

} // namespace phial
