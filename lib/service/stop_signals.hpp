// What signals do to a service.
#pragma once

#include "phial/runtime/signals.hpp"

#include <atomic>
#include <functional>
#include <mutex>

namespace phial {

/// SIGTERM and SIGINT: the first stops the server, which still responds to what is under way; it is remembered until
/// there is a server. The second ends the process at once. SIGHUP: the log is opened again. Made before there are other
/// threads.
class stop_signals {
  public:
    struct targets {
        std::function<void(int signal)> stop; // called once
        std::function<void()> reopen;
    };

    stop_signals();
    stop_signals(stop_signals const &) = delete;
    stop_signals &operator=(stop_signals const &) = delete;

    /// From now on, until end() returns, the targets are called, one at a time, on a thread of this object.
    void begin(targets calls);
    void end();

    /// Does what a first SIGTERM does, with 0 for the signal. From any thread; a second call does nothing.
    void stop();

  private:
    void take(int signal);

    blocked_signals blocked_{{SIGTERM, SIGINT, SIGHUP}};
    std::mutex mutex_; // of the targets
    targets targets_;
    std::atomic<int> asked_ = none; // the signal
    bool is_stopped_ = false;
    signal_watcher watcher_;

    static constexpr int none = -1;
};

} // namespace phial
