// Runs long work on bodies on a pool for computing, so that it does not block a loop.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/runtime/worker_pool.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace phial {

/// Work on more bytes than this is long: it takes some tenths of a millisecond, at worst some milliseconds.
inline constexpr std::size_t long_work = 64 * 1024;

/// At most this many jobs wait for the pool; above this limit the response is 503.
inline constexpr std::size_t most_waiting_jobs = 64;

/// Runs `work()` on the pool. If the work is short, or `pool` is null, it runs on the loop. Returns its result or
/// throws its exception. `bytes`: how many bytes the work reads. Throws http_error(503) with Retry-After when too many
/// jobs wait. A request that is cancelled meanwhile waits for its work, so `work` may refer to variables of its caller.
/// Name `work` before you pass it: g++ 12 may destroy a temporary twice.
template <class F>
task<std::invoke_result_t<F &>> compute(worker_pool *pool, std::size_t bytes, F work) {
    if (pool == nullptr || bytes <= long_work) co_return work();
    if (pool->current_load().queued >= most_waiting_jobs)
        throw http_error(503, "Too many large bodies wait to be processed. Try again in a moment.")
            .add("Retry-After", "1");
    co_return co_await offload(*pool, std::move(work));
}

} // namespace phial
