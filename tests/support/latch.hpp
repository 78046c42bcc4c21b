// A latch for tests by a mutex: the thread sanitizer and gdb can look into it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace phial::testing {

/// As std::latch.
class latch {
  public:
    explicit latch(std::ptrdiff_t expected) noexcept : left_(expected) {}
    latch(latch const &) = delete;
    latch &operator=(latch const &) = delete;

    // The last one notifies under the lock: who waits may destroy the latch as soon as it can go on.
    void count_down() {
        std::lock_guard const lock(mutex_);
        if (--left_ == 0) open_.notify_all();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        open_.wait(lock, [this] { return left_ <= 0; });
    }
    void arrive_and_wait() {
        count_down();
        wait();
    }

  private:
    std::mutex mutex_;
    std::condition_variable open_;
    std::ptrdiff_t left_;
};

} // namespace phial::testing
