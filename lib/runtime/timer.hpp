// The timer of a task.
#pragma once

#include "phial/runtime/task.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <chrono>

namespace phial {

/// A timer on a loop, of the steady clock. Await it with `as_values`: its cancellation is not an error.
using timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>, executor>;

} // namespace phial
