// A thread that waits for the end, and no longer than that.
#include "runtime/bounded_end.hpp"

#include <cstdlib>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace phial {

bounded_end::~bounded_end() {
    if (!thread_.joinable()) return;
    {
        std::lock_guard const lock(mutex_);
        has_ended_ = true;
    }
    ended_.notify_all();
    thread_.join();
}

void bounded_end::begin(std::chrono::steady_clock::duration longest, std::string message) {
    thread_ = std::thread([this, longest, line = std::move(message) + '\n'] {
        std::unique_lock lock(mutex_);
        if (ended_.wait_for(lock, longest, [this] { return has_ended_; })) return;
        pollfd to{STDERR_FILENO, POLLOUT, 0}; // who does not read stderr is not waited for
        if (::poll(&to, 1, 0) == 1) (void)!::write(STDERR_FILENO, line.data(), line.size());
        std::_Exit(EXIT_SUCCESS);
    });
}

} // namespace phial
