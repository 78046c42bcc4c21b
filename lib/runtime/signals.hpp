// Signals that a thread waits for: no handlers, no interrupted system calls.
#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <initializer_list>
#include <thread>

namespace phial {

/// To be made before the process has other threads. While it lives, these signals are blocked in the calling thread,
/// and in the threads started meanwhile for as long as those live. They stay pending until a signal_watcher takes them.
class blocked_signals {
  public:
    explicit blocked_signals(std::initializer_list<int> signals) noexcept;
    ~blocked_signals();
    blocked_signals(blocked_signals const &) = delete;
    blocked_signals &operator=(blocked_signals const &) = delete;

  private:
    friend class signal_watcher;

    sigset_t signals_;
    sigset_t previous_;
};

/// A thread that takes the signals.
class signal_watcher {
  public:
    /// `call` is called for one signal after the other, with its number, on the watcher's thread; it must not throw.
    /// Signals that are pending already are taken at once. `blocked` and what `call` refers to outlive the watcher.
    signal_watcher(blocked_signals const &blocked, std::function<void(int)> call);
    /// Returns when no call is under way; later signals stay pending again.
    ~signal_watcher();
    signal_watcher(signal_watcher const &) = delete;
    signal_watcher &operator=(signal_watcher const &) = delete;

  private:
    [[nodiscard]] int wake() const noexcept; // the signal that ends the thread

    sigset_t const signals_;
    std::function<void(int)> call_;
    std::atomic<bool> ending_ = false;
    std::thread thread_;
};

} // namespace phial
