// Work on the pool that continues while the coroutine that began it does something else.
#pragma once

#include "phial/runtime/task.hpp"
#include "phial/runtime/timer.hpp"
#include "phial/runtime/worker_pool.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <utility>

namespace phial {

///     background_work writing(pool, co_await boost::asio::this_coro::executor);
///     writing.begin([file, block] { file->write(block); });      // returns at once
///     ...                                                        // read the next block
///     co_await writing.ended();                                  // throws what the work threw
///
/// For one loop's thread. Work that is under way when this is destroyed continues: it has to own what it refers to
/// (shared_ptr).
class background_work {
  public:
    /// `pool` outlives the work.
    background_work(worker_pool &pool, executor const &loop) : pool_(&pool), state_(std::make_shared<state>(loop)) {}

    /// Begins; only when no other work is under way. `work` is called and destroyed on the pool.
    template <class F>
    void begin(F work) {
        state_->under_way = true;
        pool_->submit([work = std::move(work), state = state_,
                       guard = boost::asio::make_work_guard(state_->ended.get_executor())]() mutable noexcept {
            std::exception_ptr failure;
            try {
                work();
            } catch (...) {
                failure = std::current_exception();
            }
            auto done = [state = std::move(state), failure = std::move(failure)]() mutable {
                state->under_way = false;
                state->failure = std::move(failure);
                state->ended.cancel();
            };
            boost::asio::post(guard.get_executor(), std::move(done));
        });
    }

    /// Returns when the work has ended, at once when there is none; throws what it threw, once. A cancelled coroutine
    /// does not wait: boost::system::system_error, operation_aborted.
    [[nodiscard]] task<> ended() {
        auto const s = state_; // this may be gone when the coroutine is
        while (s->under_way) {
            auto const [aborted] = co_await s->ended.async_wait(as_values);
            if (s->under_way && aborted) throw boost::system::system_error(aborted);
        }
        if (auto const failure = std::exchange(s->failure, nullptr)) std::rethrow_exception(failure);
    }

  private:
    struct state {
        explicit state(executor const &loop) : ended(loop, std::chrono::steady_clock::time_point::max()) {}

        timer ended; // cancelled when the work has ended
        bool under_way = false;
        std::exception_ptr failure;
    };

    worker_pool *pool_;
    std::shared_ptr<state> state_;
};

} // namespace phial
