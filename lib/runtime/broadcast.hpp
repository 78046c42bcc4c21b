// Values from any thread for coroutines on all loops.
#pragma once

#include "phial/runtime/broadcast_core.hpp"
#include "phial/runtime/task.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <utility>

namespace phial {

/// Gives one coroutine what a broadcast publishes, in that order. It may outlive the broadcast. One thread at a time.
template <class T>
class subscription {
  public:
    /// Waits for the next value. Null when the broadcast is closed, or destroyed, and all values were given; and as
    /// soon as `until` is requested: rq.stop_token() for a stream that the end of the service should not cut off.
    ///
    /// On a loop, and never twice at the same time; the subscription stays where it is meanwhile. When the waiting
    /// coroutine is cancelled, this throws boost::system::system_error(operation_aborted).
    [[nodiscard]] task<std::shared_ptr<T const>> next(std::stop_token until = {});

    /// How many values were lost directly before the last one that next() gave, because this subscription was too slow.
    [[nodiscard]] std::uint64_t missed() const noexcept { return at_.missed; }

  private:
    template <class>
    friend class broadcast;

    using core = detail::broadcast_core;
    subscription(std::shared_ptr<core> from, std::size_t earlier)
        : from_(std::move(from)),
          at_(from_->latest(earlier)) {}

    std::shared_ptr<core> from_;
    core::position at_;
    unsigned given_at_once_ = 0; // values since it has waited
};

/// Values that one side publishes and every subscription gets. A stream that listens, and what it listens to:
///
///     events follow(broadcast<song> const &songs, request &) {
///         auto mine = songs.subscribe();
///         while (auto const next = co_await mine.next()) co_yield event(next->title);
///     }
///
///     songs.publish({.title = "So What"}); // from any thread
///
/// It keeps the latest values, and all subscriptions read these: nothing is copied for a subscription, and publishing
/// never waits for one. Of values that a slow one has not read in time it loses the oldest: see subscription::missed.
///
/// All functions may be called by any thread, but the destructor only after all of them. A value is shared by threads,
/// so it is const; the last one that holds it destroys it.
template <class T>
class broadcast {
  public:
    /// Keeps the latest `most` values, also those that every subscription has read: no more can wait for a slow one.
    /// Throws std::invalid_argument if it is 0.
    explicit broadcast(std::size_t most = 64) : core_(std::make_shared<detail::broadcast_core>(most)) {}
    /// Closes it.
    ~broadcast() { close(); }
    broadcast(broadcast const &) = delete;
    broadcast &operator=(broadcast const &) = delete;

    /// Nothing happens when it is closed. Throws std::bad_alloc, and then no subscription gets it.
    void publish(T one) { core_->publish(std::make_shared<T const>(std::move(one))); }

    /// What is published from now on, and before that the latest `earlier` values, or all that are kept.
    [[nodiscard]] subscription<T> subscribe(std::size_t earlier = 0) const { return {core_, earlier}; }

    /// Subscriptions end when they have given what was published before.
    void close() noexcept { core_->close(); }

  private:
    std::shared_ptr<detail::broadcast_core> core_;
};

template <class T>
task<std::shared_ptr<T const>> subscription<T>::next(std::stop_token until) {
    // One that is slower than what it listens to always finds a value: others on its loop get their turns.
    constexpr unsigned most_at_once = 32;
    auto const loop = co_await boost::asio::this_coro::executor;
    if (++given_at_once_ > most_at_once) {
        given_at_once_ = 0;
        co_await boost::asio::post(loop, use_task);
    }
    for (;;) {
        if (auto const found = from_->take(at_, until)) co_return std::static_pointer_cast<T const>(*found);
        given_at_once_ = 0;
        detail::broadcast_wait wait(*from_, loop, at_.next);
        std::stop_callback const at_stop(until, [&wait]() noexcept { wait.end(); });
        if (!wait.begin(until)) continue;
        co_await wait.ended();
        if (!wait.was_woken()) throw boost::system::system_error(boost::asio::error::operation_aborted);
    }
}

} // namespace phial
