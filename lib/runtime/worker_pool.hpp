// Threads for what would block a loop: file system calls, password hashes. co_await offload(pool, work).
#pragma once

#include "phial/runtime/task.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace phial {

/// Threads up to a fixed number, and one queue. Thread-safe. It must outlive the loops that use it.
///
/// It has one thread from the beginning, and starts the others when they are about to be needed: a thread that begins a
/// job while no other one is idle starts the next. When that fails it is counted, the threads that exist do the work,
/// and later jobs try it again.
class worker_pool {
  public:
    class job {
      public:
        virtual ~job() = default;
        virtual void run() noexcept = 0;
    };

    /// At most that many `threads`; a pool of none must get no jobs. They have that niceness, see nice(2): the loops go
    /// first, because each of their turns serves a client. Throws std::system_error when the first thread cannot be
    /// started.
    explicit worker_pool(unsigned threads, int niceness = 5);
    ~worker_pool();
    worker_pool(worker_pool const &) = delete;
    worker_pool &operator=(worker_pool const &) = delete;

    /// Queues a job; the jobs queued before the destructor was entered are all run. Throws std::bad_alloc.
    void submit(std::unique_ptr<job> next);

    struct load {
        std::size_t queued; // jobs
        std::size_t running;
        std::uint64_t unstarted; // how often a thread could not be started, so far
    };
    /// At this moment.
    [[nodiscard]] load current_load();

    /// Queues a callable that neither returns nor throws.
    template <class F>
    void submit(F work) {
        class call final : public job {
          public:
            explicit call(F f) : f_(std::move(f)) {}
            void run() noexcept override { f_(); }

          private:
            F f_;
        };
        submit(std::unique_ptr<job>(std::make_unique<call>(std::move(work))));
    }

    /// Returns when the queue is empty and no job runs. Call it after the loops have ended and before they are
    /// destroyed: a finished job reports to its loop.
    void wait_until_idle();
    /// Waits no longer than `longest`; whether the pool is idle then.
    [[nodiscard]] bool wait_until_idle(std::chrono::steady_clock::duration longest);

  private:
    [[nodiscard]] bool is_idle() const noexcept { return queue_.empty() && running_ == 0; } // under the lock
    [[nodiscard]] bool lacks_idle_thread() const noexcept;                                  // under the lock
    void work();
    void add_thread() noexcept;

    std::size_t const most_; // threads
    std::mutex mutex_;
    std::condition_variable queued_; // the threads wait on it
    std::condition_variable idle_;   // wait_until_idle waits on it
    std::deque<std::unique_ptr<job>> queue_;
    std::size_t running_ = 0;
    std::size_t started_; // threads, with those that are being started
    bool ending_ = false;
    std::vector<std::thread> threads_;
    std::optional<std::chrono::steady_clock::time_point> failed_; // when a thread could not be started
    std::uint64_t unstarted_ = 0;
};

/// Runs `work()` on the pool while the awaiting coroutine is suspended. The coroutine resumes on its own loop with what
/// `work` returned or threw. Cancelling the coroutine does not stop the work.
template <class F>
task<std::invoke_result_t<F &>> offload(worker_pool &pool, F work) {
    using result = std::invoke_result_t<F &>;
    using value = std::conditional_t<std::is_void_v<result>, std::monostate, result>;
    auto const start = [&pool](auto handler, F f) {
        auto ex = boost::asio::get_associated_executor(handler);
        pool.submit(
            [guard = boost::asio::make_work_guard(ex), h = std::move(handler), f = std::move(f)]() mutable noexcept {
                std::exception_ptr failure;
                std::optional<value> got;
                try {
                    if constexpr (std::is_void_v<result>) {
                        f();
                        got.emplace();
                    } else {
                        got.emplace(f());
                    }
                } catch (...) {
                    failure = std::current_exception();
                }
                // From here on only the loop holds the exception, and destroys it.
                auto done = [h = std::move(h), failure = std::move(failure), got = std::move(got)]() mutable {
                    h(std::move(failure), std::move(got));
                };
                boost::asio::post(guard.get_executor(), std::move(done));
            });
    };
    auto got =
        co_await boost::asio::async_initiate<decltype(use_task) const, void(std::exception_ptr, std::optional<value>)>(
            start, use_task, std::move(work));
    if constexpr (!std::is_void_v<result>) co_return std::move(*got);
}

} // namespace phial
