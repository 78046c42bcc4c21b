// What the benchmarks share: counting, and what clients send.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace phial::micro {

/// What a browser accepts.
inline constexpr std::string_view browser_accept =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

/// Reports bytes/s: each iteration worked on that many.
inline void count_bytes(benchmark::State &state, std::size_t bytes) {
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(bytes));
}

/// Reports items/s: each iteration was one.
inline void count_items(benchmark::State &state) {
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

} // namespace phial::micro
