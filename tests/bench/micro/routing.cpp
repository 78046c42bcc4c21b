// The router, among 10 routes and among 1,000: from the request to the response of a handler that does nothing.
#include "micro.hpp"

#include "phial/http/http_error.hpp"
#include "phial/routing/router.hpp"
#include "phial/testing/fake_request.hpp"
#include "phial/testing/run.hpp"
#include "phial/text/concat.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace phial::micro {
namespace {

task<response> plain(request &) { co_return response(); }
task<response> with_text(request &, std::string_view) { co_return response(); }
task<response> with_integer(request &, std::int64_t) { co_return response(); }
task<response> with_both(request &, std::string_view, std::int64_t) { co_return response(); }

// Ten routes.
blueprint area(std::int64_t number) {
    blueprint bp(concat("/area", number));
    bp.get<"/articles">(plain);
    bp.get<"/articles/<id>">(with_text);
    bp.get<"/articles/latest">(plain);
    bp.get<"/numbers/<int:id>">(with_integer);
    bp.get<"/users/<name>">(with_text);
    bp.get<"/users/<name>/posts">(with_text);
    bp.get<"/users/<name>/posts/<int:id>">(with_both);
    bp.get<"/users/<name>/posts/<int:id>/comments/all/by/date">(with_both);
    bp.get<"/files/<path:name>">(with_text);
    bp.post<"/articles">(plain);
    return bp;
}

router routes(std::int64_t count) {
    router r;
    for (std::int64_t n = 0; n < count / 10; ++n) r.mount(area(n));
    return r;
}

task<> respond(benchmark::State &state, router const &r, request &rq, unsigned expected) {
    unsigned status = 0;
    for (auto _ : state) {
        auto result = r(rq);
        if (auto *const waiting = result.pending()) {
            auto const rs = co_await std::move(*waiting);
            status = rs.status();
        } else {
            status = result.error() != nullptr ? result.error()->status() : result.value()->status();
        }
    }
    if (status != expected) state.SkipWithError("not the expected status code");
}

// Asks the area in the middle. One coroutine does all: what it costs to start one on a loop is not measured.
void route(benchmark::State &state, std::string_view path, unsigned expected = 200) {
    auto const count = state.range(0);
    auto const r = routes(count);
    testing::fake_request rq("GET", concat("/area", count / 20, path));
    testing::run(respond(state, r, rq, expected));
    count_items(state);
}

void find_route_by_literals(benchmark::State &state) { route(state, "/articles"); }
void find_route_by_text(benchmark::State &state) { route(state, "/articles/123"); }
void find_route_by_integer(benchmark::State &state) { route(state, "/numbers/123"); }
void find_deep_route(benchmark::State &state) { route(state, "/users/ann/posts/42/comments/all/by/date"); }
void find_no_route(benchmark::State &state) { route(state, "/nothing/123", 404); }

BENCHMARK(find_route_by_literals)->ArgName("routes")->Arg(10)->Arg(1000);
BENCHMARK(find_route_by_text)->ArgName("routes")->Arg(10)->Arg(1000);
BENCHMARK(find_route_by_integer)->ArgName("routes")->Arg(10)->Arg(1000);
BENCHMARK(find_deep_route)->ArgName("routes")->Arg(10)->Arg(1000);
BENCHMARK(find_no_route)->ArgName("routes")->Arg(10)->Arg(1000);

} // namespace
} // namespace phial::micro
