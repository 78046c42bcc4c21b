#include "phial/runtime/worker_pool.hpp"

#include <algorithm>
#include <exception>
#include <unistd.h>
#include <utility>

namespace phial {

worker_pool::worker_pool(unsigned threads, int niceness) : most_(threads), started_(std::min(threads, 1U)) {
    if (most_ == 0) return;
    threads_.reserve(most_);
    threads_.emplace_back([this, niceness] {
        (void)::nice(niceness); // on Linux only of this thread, and of those that it starts
        work();
    });
}

worker_pool::~worker_pool() {
    std::unique_lock lock(mutex_);
    ending_ = true;
    queued_.notify_all();
    // A thread that has been joined has added those that it has started, so in the end none is left.
    while (!threads_.empty()) {
        auto one = std::move(threads_.back());
        threads_.pop_back();
        lock.unlock();
        one.join();
        lock.lock();
    }
}

void worker_pool::submit(std::unique_ptr<job> next) {
    bool adds = false;
    {
        std::lock_guard const lock(mutex_);
        queue_.push_back(std::move(next));
        // The threads that exist may all be busy for long, and then none of them tries it again.
        adds = failed_ && lacks_idle_thread() && std::chrono::steady_clock::now() - *failed_ > std::chrono::seconds(1);
        if (adds) ++started_;
    }
    if (adds) add_thread();
    queued_.notify_one();
}

worker_pool::load worker_pool::current_load() {
    std::lock_guard const lock(mutex_);
    return {queue_.size(), running_, unstarted_};
}

void worker_pool::wait_until_idle() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return is_idle(); });
}

bool worker_pool::wait_until_idle(std::chrono::steady_clock::duration longest) {
    std::unique_lock lock(mutex_);
    return idle_.wait_for(lock, longest, [this] { return is_idle(); });
}

// Those that do not run will take what is queued.
bool worker_pool::lacks_idle_thread() const noexcept {
    return started_ < most_ && started_ - running_ <= queue_.size();
}

void worker_pool::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        queued_.wait(lock, [this] { return ending_ || !queue_.empty(); });
        if (queue_.empty()) return;
        auto next = std::move(queue_.front());
        queue_.pop_front();
        ++running_;
        bool const adds = lacks_idle_thread();
        if (adds) ++started_;
        lock.unlock();
        if (adds) add_thread(); // here and not in submit(), so that no loop waits for it
        next->run();
        next.reset(); // not under the lock: destroying what a job owns may take long
        lock.lock();
        if (--running_ == 0 && queue_.empty()) idle_.notify_all();
    }
}

void worker_pool::add_thread() noexcept {
    try {
        std::thread added([this] { work(); });
        std::lock_guard const lock(mutex_);
        threads_.push_back(std::move(added)); // its memory is reserved
        failed_.reset();
    } catch (std::exception const &) { // no memory, or a limit of threads
        std::lock_guard const lock(mutex_);
        --started_;
        ++unstarted_;
        failed_ = std::chrono::steady_clock::now();
    }
}

} // namespace phial
