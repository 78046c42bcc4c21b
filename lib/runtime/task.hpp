// The coroutine type of everything that waits: an awaitable bound to the loop's own executor.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace phial {

/// The executor of one loop. The concrete type, because any_io_executor allocates and calls through a table.
using executor = boost::asio::io_context::executor_type;

/// A coroutine that runs on one loop from beginning to end. It starts when it is awaited.
/// State goes in by parameter, never by lambda capture: the lambda may be destroyed when the coroutine resumes.
template <class T = void>
using task = boost::asio::awaitable<T, executor>;

/// The completion token that makes an Asio operation awaitable from a task.
inline constexpr boost::asio::use_awaitable_t<executor> use_task{};
/// The same for what may fail: co_await returns a tuple that begins with the error code, and throws nothing. Cheaper,
/// because a deferred operation needs no coroutine frame for itself.
inline constexpr boost::asio::as_tuple_t<boost::asio::deferred_t> as_values{boost::asio::deferred};

} // namespace phial
