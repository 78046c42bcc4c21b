// The loops: one thread, one io_context and one tick a second each. Nothing is shared between them.
#pragma once

#include "phial/runtime/task.hpp"
#include "phial/runtime/timer.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace phial {

/// One event loop. Everything but stop() and context() is for the thread that runs it, or for the time before run().
class loop {
  public:
    using duration = std::chrono::steady_clock::duration;

    /// `tick_period`: between two ticks. Tests let time pass by tick() instead.
    explicit loop(duration tick_period = std::chrono::seconds(1));
    loop(loop const &) = delete;
    loop &operator=(loop const &) = delete;

    [[nodiscard]] boost::asio::io_context &context() noexcept { return context_; }
    [[nodiscard]] executor get_executor() noexcept { return context_.get_executor(); }

    /// `call` runs on the loop's thread once a second, and once when the loop starts. It must not throw.
    void on_tick(std::function<void()> call) { tick_calls_.push_back(std::move(call)); }

    /// One more second passes, and the next one begins. On the loop's thread only.
    void tick();

    /// Runs until finish() was called and all other work has ended, or until stop().
    void run();

    /// No more ticks: run() returns when what is under way has ended. On the loop's thread only.
    void finish();

    /// Makes run() return now, with work left undone. From any thread.
    void stop() { context_.stop(); }

    /// How long ago the last tick was; zero before the loop runs, and when it has ended. From any thread.
    [[nodiscard]] duration since_tick() const noexcept;
    /// How late the last tick was: other work waits about as long for its turn. From any thread.
    [[nodiscard]] duration lag() const noexcept { return lag_.load(std::memory_order_relaxed); }

  private:
    void arm();

    // One thread runs it and uses its sockets and timers, so their locks are not needed. post() and stop() are for any
    // thread: their lock stays.
    boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
    duration const tick_period_;
    timer timer_;
    std::vector<std::function<void()>> tick_calls_;
    bool finishing_ = false;
    std::atomic<duration> lag_{};
    std::atomic<std::chrono::steady_clock::time_point> ticked_{}; // zero: not running
};

/// All loops of the process; loop 0 runs on the thread that calls run().
class loops {
  public:
    explicit loops(unsigned count, loop::duration tick_period = std::chrono::seconds(1));

    [[nodiscard]] std::size_t size() const noexcept { return loops_.size(); }
    [[nodiscard]] loop &operator[](std::size_t i) noexcept { return *loops_[i]; }

    /// Runs all loops and returns when every one has ended. Throws std::system_error when a thread cannot be started.
    void run();

    /// See loop::stop. From any thread.
    void stop();

  private:
    std::vector<std::unique_ptr<loop>> loops_;
};

} // namespace phial
