// Waiting for a time.
#pragma once

#include "phial/runtime/task.hpp"
#include "phial/runtime/timer.hpp"

#include <boost/asio/this_coro.hpp>

namespace phial {

/// Waits for `time`. When the waiting coroutine is cancelled, it ends at once and throws
/// boost::system::system_error(operation_aborted).
[[nodiscard]] inline task<> pause(timer::duration time) {
    timer end(co_await boost::asio::this_coro::executor, time);
    co_await end.async_wait(use_task);
}

} // namespace phial
