#include "phial/runtime/worker_pool.hpp"

#include <unistd.h>

namespace phial {

worker_pool::worker_pool(unsigned threads, int niceness) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this, niceness] { work(niceness); });
}

worker_pool::~worker_pool() {
    {
        std::lock_guard const lock(mutex_);
        ending_ = true;
    }
    queued_.notify_all();
}

void worker_pool::submit(std::unique_ptr<job> next) {
    {
        std::lock_guard const lock(mutex_);
        queue_.push_back(std::move(next));
    }
    queued_.notify_one();
}

worker_pool::load worker_pool::current_load() {
    std::lock_guard const lock(mutex_);
    return {queue_.size(), running_};
}

void worker_pool::wait_until_idle() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return is_idle(); });
}

bool worker_pool::wait_until_idle(std::chrono::steady_clock::duration longest) {
    std::unique_lock lock(mutex_);
    return idle_.wait_for(lock, longest, [this] { return is_idle(); });
}

void worker_pool::work(int niceness) {
    (void)::nice(niceness); // on Linux only of this thread
    std::unique_lock lock(mutex_);
    for (;;) {
        queued_.wait(lock, [this] { return ending_ || !queue_.empty(); });
        if (queue_.empty()) return;
        auto next = std::move(queue_.front());
        queue_.pop_front();
        ++running_;
        lock.unlock();
        next->run();
        next.reset(); // not under the lock: destroying what a job owns may take long
        lock.lock();
        if (--running_ == 0 && queue_.empty()) idle_.notify_all();
    }
}

} // namespace phial
