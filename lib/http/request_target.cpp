// Takes request targets apart.
#include "http/request_target.hpp"

#include "http/ascii.hpp"
#include "http/host.hpp"

#include <algorithm>

namespace phial {

request_target parse_target(std::string_view target, method verb) noexcept {
    if (target == "*") return {{}, target, {}};
    if (target.find('#') != target.npos) return {};
    request_target t;
    if (!target.starts_with('/')) {
        constexpr std::string_view scheme = "http://";
        if (!iequals(target.substr(0, scheme.size()), scheme)) return {};
        target.remove_prefix(scheme.size());
        t.authority = target.substr(0, std::min(target.find_first_of("/?"), target.size()));
        if (!is_valid_host(t.authority)) return {};
        target.remove_prefix(t.authority.size());
    }
    auto const question = target.find('?');
    t.path = target.substr(0, question);
    if (t.path.empty()) t.path = verb == method::options && question == target.npos ? "*" : "/";
    if (question != target.npos) t.query = target.substr(question + 1);
    return t;
}

} // namespace phial
