// Blocks signals, and waits for them.
#include "runtime/signals.hpp"

#include <utility>

namespace phial {

blocked_signals::blocked_signals(std::initializer_list<int> which) noexcept {
    ::sigemptyset(&which_);
    for (int const one : which) ::sigaddset(&which_, one);
    ::pthread_sigmask(SIG_BLOCK, &which_, &before_);
}

blocked_signals::~blocked_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

signal_watcher::signal_watcher(blocked_signals const &of, std::function<void(int)> call)
    : which_(of.which_),
      call_(std::move(call)) {
    thread_ = std::thread([this] {
        int signal = 0;
        while (::sigwait(&which_, &signal) == 0 && !ending_) call_(signal);
    });
}

signal_watcher::~signal_watcher() {
    ending_ = true;
    int wake = 1;
    while (::sigismember(&which_, wake) != 1) ++wake;
    ::pthread_kill(thread_.native_handle(), wake);
    thread_.join();
}

} // namespace phial
