// Runs coroutines to their end in a test.
#pragma once

#include "phial/runtime/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace phial::testing {

/// Runs a coroutine until it ends, on `context` or on a separate loop; returns what it returns and throws what it
/// throws. Throws std::logic_error when nothing is left that could resume it.
template <class T>
T run(boost::asio::io_context &context, task<T> t) {
    std::exception_ptr failure;
    std::optional<T> result;
    boost::asio::co_spawn(context.get_executor(), std::move(t), [&](std::exception_ptr const &e, T value) {
        failure = e;
        if (!e) result.emplace(std::move(value));
    });
    context.run();
    context.restart();
    if (failure) std::rethrow_exception(failure);
    if (!result) throw std::logic_error("the coroutine did not end");
    return std::move(*result);
}

inline void run(boost::asio::io_context &context, task<> t) {
    std::exception_ptr failure = std::make_exception_ptr(std::logic_error("the coroutine did not end"));
    boost::asio::co_spawn(context.get_executor(), std::move(t), [&](std::exception_ptr const &e) { failure = e; });
    context.run();
    context.restart();
    if (failure) std::rethrow_exception(failure);
}

template <class T>
T run(task<T> t) {
    boost::asio::io_context context{1};
    return run(context, std::move(t));
}

inline void run(task<> t) {
    boost::asio::io_context context{1};
    run(context, std::move(t));
}

} // namespace phial::testing
