#include "phial/service/stop_signals.hpp"

#include <csignal>
#include <cstdlib>
#include <utility>

namespace phial {

stop_signals::stop_signals() : watcher_(blocked_, [this](int signal) { take(signal); }) {}

void stop_signals::take(int signal) {
    if (signal != SIGHUP && asked_.exchange(signal) > 0) std::_Exit(128 + signal);
    std::lock_guard const lock(mutex_);
    if (signal == SIGHUP) {
        if (targets_.reopen) targets_.reopen();
    } else if (targets_.stop && !std::exchange(is_stopped_, true)) {
        targets_.stop(signal);
    }
}

void stop_signals::stop() {
    int expected = none;
    asked_.compare_exchange_strong(expected, 0);
    std::lock_guard const lock(mutex_);
    if (targets_.stop && !std::exchange(is_stopped_, true)) targets_.stop(0);
}

void stop_signals::begin(targets calls) {
    std::lock_guard const lock(mutex_);
    targets_ = std::move(calls);
    if (asked_ != none && !std::exchange(is_stopped_, true)) targets_.stop(asked_);
}

void stop_signals::end() {
    std::lock_guard const lock(mutex_);
    targets_ = {};
}

} // namespace phial
