// Handlers for routes of tests, and what a router responds with.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/routing/router.hpp"
#include "support/support.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace phial::testing {

template <fixed_string Says>
task<response> say(request &) {
    co_return text(Says.view());
}

template <fixed_string Says>
task<response> say_text(request &, std::string_view s) {
    co_return text(Says.view(), "=", s);
}

inline task<response> say_int(request &, std::int64_t n) { co_return text("int=", n); }
inline task<response> say_float(request &, double x) { co_return text("float=", x); }

template <unsigned Status>
task<response> fail(request &) {
    throw http_error(Status, "failed");
    co_return text();
}

template <class... Blueprints>
handler routed(Blueprints... blueprints) {
    router r;
    (r.mount(std::move(blueprints)), ...);
    return r;
}

// A router with routes of all kinds.
inline handler sample() {
    blueprint bp;
    bp.get<"/">(say<"root">);
    bp.get<"/a">(say<"a">);
    bp.get<"/v/new">(say<"literal">);
    bp.get<"/v/<int:n>">(say_int);
    bp.get<"/v/<float:x>">(say_float);
    bp.get<"/v/<s>">(say_text<"text">);
    bp.get<"/v/<path:p>">(say_text<"path">);
    bp.get<"/i/<int:n>">(say_int);
    bp.get<"/f/<float:x>">(say_float);
    bp.get<"/t/<s>">(say_text<"text">);
    bp.get<"/p/<path:p>">(say_text<"path">);
    bp.get<"/closed/">(say<"closed">);
    bp.post<"/a">(say<"posted">);
    bp.post<"/v/<s>/edit">(say_text<"edit">);
    bp.put<"/v/new">(say<"put new">);
    bp.delete_<"/v/<int:n>">(say_int);
    bp.post<"/only/post">(say<"post">);
    return routed(std::move(bp));
}

// The answer in a line: status, then what matters of it.
inline std::string ask(handler const &h, std::string const &method, std::string const &target) {
    fake_request rq(method, target);
    try {
        auto const rs = call(h, rq);
        auto const status = std::to_string(rs.status());
        if (rs.status() == 308) return status + " " + std::string(rs.get("Location"));
        if (!rs.get("Allow").empty()) return status + " Allow: " + std::string(rs.get("Allow")) + rs.body();
        return status + " " + rs.body();
    } catch (http_error const &e) {
        auto out = std::to_string(e.status());
        for (auto const &[name, value] : e.headers()) out += " " + name + ": " + value;
        return out;
    }
}

} // namespace phial::testing
