// JSON: parsed into its canonical text, composed, and written with white space.
#include "micro.hpp"

#include "phial/http/json.hpp"

#include <cstddef>
#include <string>

namespace phial::micro {
namespace {

// Rows as documents have them, up to about that size.
json document(std::size_t size) {
    json_array rows;
    std::size_t n = 0;
    for (std::size_t length = 0; length < size; ++n) {
        json const row{{"id", n}, {"name", "item"}, {"price", static_cast<double>(n) * 1.25}, {"sold", n % 2 == 0}};
        rows.push_back(row);
        length += row.text().size() + 1;
    }
    return rows;
}

void parse_json(benchmark::State &state) {
    auto const text = dumps(document(static_cast<std::size_t>(state.range(0))));
    for (auto _ : state) benchmark::DoNotOptimize(json::parse(text));
    count_bytes(state, text.size());
}

void compose_json(benchmark::State &state) {
    auto const size = static_cast<std::size_t>(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(document(size));
    count_bytes(state, document(size).text().size());
}

void write_json(benchmark::State &state) {
    auto const value = document(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(dumps(value));
    count_bytes(state, dumps(value).size());
}

void write_json_indented(benchmark::State &state) {
    auto const value = document(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(dumps_indented(value));
    count_bytes(state, dumps_indented(value).size());
}

BENCHMARK(parse_json)->Arg(1 << 10)->Arg(64 << 10);
BENCHMARK(compose_json)->Arg(1 << 10)->Arg(64 << 10);
BENCHMARK(write_json)->Arg(1 << 10)->Arg(64 << 10);
BENCHMARK(write_json_indented)->Arg(1 << 10)->Arg(64 << 10);

} // namespace
} // namespace phial::micro
