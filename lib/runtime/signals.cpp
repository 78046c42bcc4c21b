#include "phial/runtime/signals.hpp"

#include <unistd.h>
#include <utility>

namespace phial {

blocked_signals::blocked_signals(std::initializer_list<int> signals) noexcept {
    ::sigemptyset(&signals_);
    for (int const one : signals) ::sigaddset(&signals_, one);
    ::pthread_sigmask(SIG_BLOCK, &signals_, &previous_);
}

blocked_signals::~blocked_signals() { ::pthread_sigmask(SIG_SETMASK, &previous_, nullptr); }

signal_watcher::signal_watcher(blocked_signals const &blocked, std::function<void(int)> call)
    : signals_(blocked.signals_),
      call_(std::move(call)) {
    thread_ = std::thread([this] {
        int signal = 0;
        while (::sigwait(&signals_, &signal) == 0 && !ending_) call_(signal);
        if (signal != wake()) ::kill(::getpid(), signal); // a real one: left for the next watcher
    });
}

signal_watcher::~signal_watcher() {
    ending_ = true;
    ::pthread_kill(thread_.native_handle(), wake());
    thread_.join();
}

int signal_watcher::wake() const noexcept {
    int signal = 1;
    while (::sigismember(&signals_, signal) != 1) ++signal;
    return signal;
}

} // namespace phial
