// Long work on bodies: on a pool for computing, so that no loop stands still for it.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/runtime/worker_pool.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace phial {

/// Work on more bytes than this is long: it takes some tenths of a millisecond, at worst some milliseconds.
inline constexpr std::size_t long_work = 64 * 1024;

/// Jobs that may wait for the pool for computing; above, requests that need it get 503.
inline constexpr std::size_t most_waiting_jobs = 64;

/// Runs `work()` on the pool, or here when it is short or there is no pool (null), and returns what it returns or
/// throws what it throws. `bytes`: how many it goes through. http_error(503) with Retry-After when too many jobs wait.
/// A request that is cancelled meanwhile waits for its work: `work` may refer to what its caller holds. Give it a name
/// before it is passed (g++ 12).
template <class F>
task<std::invoke_result_t<F &>> compute(worker_pool *pool, std::size_t bytes, F work) {
    if (pool == nullptr || bytes <= long_work) co_return work();
    if (pool->current_load().queued >= most_waiting_jobs)
        throw http_error(503, "Too many large bodies wait to be worked on. Try again in a moment.")
            .add("Retry-After", "1");
    co_return co_await offload(*pool, std::move(work));
}

} // namespace phial
