#include "phial/layers/cors.hpp"

#include "phial/http/request.hpp"
#include "phial/http/response.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace phial {
namespace {

// As browsers write it (RFC 6454 6.2): scheme "://" host [ ":" port ], in lower case, without a path.
bool is_origin(std::string_view text) noexcept {
    auto const scheme = text.find("://");
    if (scheme == text.npos || scheme == 0) return false;
    auto const is_scheme = [](char c) {
        return (c >= 'a' && c <= 'z') || is_digit(c) || c == '+' || c == '-' || c == '.';
    };
    auto const is_host = [](char c) {
        return c > ' ' && c < 0x7F && std::string_view("/?#@\\\"'<>,*").find(c) == std::string_view::npos &&
               to_lower(c) == c;
    };
    auto const host = text.substr(scheme + 3);
    auto const scheme_text = text.substr(0, scheme);
    return !host.empty() && std::all_of(scheme_text.begin(), scheme_text.end(), is_scheme) &&
           std::all_of(host.begin(), host.end(), is_host);
}

// What scripts may read besides the fields that every script may.
constexpr std::string_view exposed = "Content-Disposition, ETag, Link, Location, Retry-After, X-Request-Id";

// A list of field names, so that what a client sent can be sent back.
bool is_list_of_names(std::string_view list) noexcept {
    constexpr std::size_t longest = 2048;
    return list.size() <= longest &&
           std::all_of(list.begin(), list.end(), [](char c) { return is_token_char(c) || c == ',' || c == ' '; });
}

// Those of the route table, or, if the handler of a route responds to OPTIONS itself, the one that is asked for.
std::string methods_for(response const &options, std::string_view asked) {
    auto const allowed = options.get("Allow");
    if (!allowed.empty()) return std::string(allowed);
    return is_list_of_names(asked) ? std::string(asked) : std::string();
}

} // namespace

allowed_origins::allowed_origins(std::string_view list) {
    if (trim(list) == "*") {
        any_ = true;
        return;
    }
    for_each_part(list, [this](std::string_view one) {
        if (!is_origin(one))
            throw std::invalid_argument(concat("has '", one,
                                               "', which is not an origin such as https://shop.example or "
                                               "http://localhost:3000 (lower case, no path); * alone allows all"));
        names_.emplace_back(one);
    });
}

bool allowed_origins::contains(std::string_view origin) const noexcept {
    return any_ || std::find(names_.begin(), names_.end(), origin) != names_.end();
}

task<response> cors::operator()(handler const &next, request &rq) const {
    auto const origin = rq.headers().find_only("Origin");
    bool const is_allowed = origin && origins_->contains(*origin);
    auto const asked = rq.header("Access-Control-Request-Method");
    bool const is_preflight = is_allowed && asked && rq.effective_method() == method::options;
    auto rs = co_await next(rq);
    if (is_preflight && rq.notes.refused.status == 0 && rs.status() != 404) {
        auto const methods = methods_for(rs, *asked);
        auto const fields = rq.headers().joined("Access-Control-Request-Headers");
        rs = response(204);
        rs.set("Access-Control-Allow-Methods", methods).set("Access-Control-Max-Age", "600");
        if (!fields.empty() && is_list_of_names(fields)) rs.set("Access-Control-Allow-Headers", fields);
        rs.add("Vary: Access-Control-Request-Method").add("Vary: Access-Control-Request-Headers");
    }
    if (!origins_->any()) rs.add("Vary: Origin");
    if (!is_allowed) co_return rs;
    rs.set("Access-Control-Allow-Origin", origins_->any() ? "*" : *origin);
    if (!origins_->any()) rs.set("Access-Control-Allow-Credentials", "true");
    if (!is_preflight) rs.set("Access-Control-Expose-Headers", exposed);
    co_return rs;
}

} // namespace phial
