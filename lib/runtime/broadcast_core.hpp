// What a broadcast and its subscriptions share, whatever the values are. Private to them.
#pragma once

#include "phial/runtime/task.hpp"
#include "phial/runtime/timer.hpp"

#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

namespace phial::detail {

class broadcast_core;
struct waiting_loop;

/// One wait for a value, in the frame of the coroutine that waits. Used on that coroutine's loop, except for end().
class broadcast_wait : public boost::intrusive::list_base_hook<> {
  public:
    /// For the value of that number. `of` outlives it.
    broadcast_wait(broadcast_core &of, executor const &loop, std::uint64_t number);
    ~broadcast_wait();
    broadcast_wait(broadcast_wait const &) = delete;
    broadcast_wait &operator=(broadcast_wait const &) = delete;

    /// False when there is nothing to wait for; if it is true, ended() must be awaited at once.
    [[nodiscard]] bool begin(std::stop_token const &until);
    [[nodiscard]] auto ended() { return timer_.async_wait(as_values); }
    /// Whether it has ended for a reason of the broadcast, not by the cancellation of its coroutine.
    [[nodiscard]] bool was_woken() const;
    /// Ends the wait without a value. From any thread.
    void end() noexcept;

  private:
    friend class broadcast_core;

    broadcast_core &of_;
    timer timer_; // never expires: to cancel it is to wake the coroutine
    std::uint64_t const number_;
    // Under the lock:
    waiting_loop *at_ = nullptr; // in whose list it is; null: it does not wait
    bool ends_ = false;
};

/// The coroutines that wait on one loop, those that wait for earlier values first.
struct waiting_loop {
    executor loop;
    boost::intrusive::list<broadcast_wait> waits = {};
    bool is_called = false; // a wake() of it is queued
};

/// The latest values, numbered from 0, and the coroutines that wait for the next one. Thread-safe.
class broadcast_core : public std::enable_shared_from_this<broadcast_core> {
  public:
    using value = std::shared_ptr<void const>;

    /// Where a subscription is.
    struct position {
        std::uint64_t next = 0;   // the number of its next value
        std::uint64_t missed = 0; // values between its last one and the one before
    };

    /// Throws std::invalid_argument if `most` is 0.
    explicit broadcast_core(std::size_t most);

    void publish(value one);
    void close() noexcept;
    /// The position of the latest values, `most` of them if there are that many.
    [[nodiscard]] position latest(std::size_t most) const;
    /// The next value; null at the end, or when `until` has been requested; nothing when it must be waited for.
    [[nodiscard]] std::optional<value> take(position &at, std::stop_token const &until) const;

  private:
    friend class broadcast_wait;

    [[nodiscard]] std::uint64_t first() const noexcept { return end_ - std::min<std::uint64_t>(end_, values_.size()); }
    [[nodiscard]] bool is_over(broadcast_wait const &one) const noexcept {
        return one.number_ < end_ || closed_ || one.ends_;
    }
    [[nodiscard]] waiting_loop &find(executor const &loop);
    void call(waiting_loop &one) noexcept;
    void call_all() noexcept;
    void wake(waiting_loop &one);

    mutable std::mutex mutex_;
    std::vector<value> values_;     // that of number n at n % size
    std::uint64_t end_ = 0;         // the number of the next value
    std::list<waiting_loop> loops_; // all on which a subscription has waited
    bool closed_ = false;
};

} // namespace phial::detail
