// Content negotiation: what the error pages ask of each request that fails.
#include "micro.hpp"

#include "phial/http/accept.hpp"

#include <string_view>

namespace phial::micro {
namespace {

void choose_offer(benchmark::State &state, std::string_view accept) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(accept);
        benchmark::DoNotOptimize(best_offer(accept, {"application/json", "text/html"}));
    }
    count_items(state);
}

void choose_offer_for_anything(benchmark::State &state) { choose_offer(state, "*/*"); }
void choose_offer_for_browser(benchmark::State &state) { choose_offer(state, browser_accept); }

BENCHMARK(choose_offer_for_anything);
BENCHMARK(choose_offer_for_browser);

} // namespace
} // namespace phial::micro
