#include "phial/layers/allowed_hosts.hpp"

#include "phial/http/request.hpp"
#include "phial/http/request_target.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace phial {
namespace {

bool is_host(std::string_view name) noexcept {
    if (name.starts_with("*.")) name.remove_prefix(2);
    auto const is_part = [](char c) {
        return is_alpha(c) || is_digit(c) || std::string_view("-._[]:").find(c) != std::string_view::npos;
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), is_part) && without_port(name) == name;
}

} // namespace

host_list::host_list(std::string_view list) {
    for_each_part(list, [this](std::string_view one) {
        if (!is_host(one))
            throw std::invalid_argument(concat(
                "has '", one, "', which is not a name such as api.example or *.shop.example (no scheme, no port)"));
        names_.emplace_back(one);
    });
}

bool host_list::contains(std::string_view host) const noexcept {
    host = without_port(host);
    if (host.ends_with('.')) host.remove_suffix(1); // the root of all names
    return std::any_of(names_.begin(), names_.end(), [host](std::string_view name) {
        if (!name.starts_with("*.")) return iequals(name, host);
        auto const end = name.substr(1);
        return host.size() > end.size() && iequals(host.substr(host.size() - end.size()), end);
    });
}

app for_hosts(host_list hosts, app served) {
    auto const refuse = std::make_shared<handler>(std::move(served.refuse));
    auto respond = [hosts = std::move(hosts), refuse, next = std::move(served.respond)](request &rq) -> outcome {
        if (hosts.contains(rq.host())) return next.call(rq);
        rq.notes.refused = {421, "this service does not answer to that name"};
        return refuse->call(rq);
    };
    return {std::move(respond), [refuse](request &rq) { return refuse->call(rq); }};
}

} // namespace phial
