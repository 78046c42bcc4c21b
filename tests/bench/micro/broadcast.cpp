// One value for all coroutines that wait on a loop.
#include "phial/runtime/broadcast.hpp"

#include "micro.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>

namespace phial::micro {
namespace {

task<> listen(broadcast<std::uint64_t> const &to) {
    auto mine = to.subscribe();
    while (auto const next = co_await mine.next()) benchmark::DoNotOptimize(*next);
}

void publish_and_wake(benchmark::State &state) {
    broadcast<std::uint64_t> numbers;
    boost::asio::io_context loop{1};
    for (std::int64_t n = 0; n < state.range(0); ++n)
        boost::asio::co_spawn(loop, listen(numbers), boost::asio::detached);
    loop.poll();
    std::uint64_t n = 0;
    for (auto _ : state) {
        numbers.publish(++n);
        loop.poll();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
    numbers.close();
    loop.poll();
}
BENCHMARK(publish_and_wake)->Arg(1)->Arg(100)->Arg(1000)->Arg(10000);

} // namespace
} // namespace phial::micro
