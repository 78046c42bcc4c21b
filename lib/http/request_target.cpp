// Takes request targets apart.
#include "http/request_target.hpp"

#include "http/ascii.hpp"
#include "http/host.hpp"

#include <algorithm>

namespace phial {
namespace {

constexpr std::string_view http_scheme = "http://";

} // namespace

request_target parse_target(std::string_view target, method verb) noexcept {
    if (target == "*") return {{}, target, {}};
    if (target.find('#') != target.npos) return {};
    request_target t;
    if (!target.starts_with('/')) {
        if (!iequals(target.substr(0, http_scheme.size()), http_scheme)) return {};
        target.remove_prefix(http_scheme.size());
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

std::string_view why_no_target(std::string_view target) noexcept {
    if (target.find('#') != target.npos) return "a request target has no fragment (#)";
    if (target.find("://") == target.npos)
        return "a request target is a path that begins with a slash, http://host/path, or * for OPTIONS";
    if (!iequals(target.substr(0, http_scheme.size()), http_scheme))
        return "the only scheme served here is http: a request target is a path that begins with a slash, or "
               "http://host/path";
    return "the host in the request target is malformed";
}

} // namespace phial
