#include "phial/runtime/bounded_end.hpp"

#include <cstdlib>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace phial {

bounded_end::bounded_end() : thread_([this] { wait(); }) {}

bounded_end::~bounded_end() {
    {
        std::lock_guard const lock(mutex_);
        has_ended_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void bounded_end::begin(std::chrono::steady_clock::duration longest, std::string message) {
    {
        std::lock_guard const lock(mutex_);
        line_ = std::move(message) + '\n';
        deadline_ = std::chrono::steady_clock::now() + longest;
    }
    changed_.notify_all();
}

void bounded_end::wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return has_ended_ || deadline_; });
    auto const deadline = deadline_;
    if (has_ended_ || changed_.wait_until(lock, *deadline, [this] { return has_ended_; })) return;
    pollfd stderr_poll{STDERR_FILENO, POLLOUT, 0}; // never waits for a reader of stderr
    if (::poll(&stderr_poll, 1, 0) == 1) (void)!::write(STDERR_FILENO, line_.data(), line_.size());
    std::_Exit(EXIT_SUCCESS);
}

} // namespace phial
