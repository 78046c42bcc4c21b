// Signals as something a thread waits for: no handler, nothing interrupted.
#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <initializer_list>
#include <thread>

namespace phial {

/// Made before the process has other threads: while it lives, these signals reach neither the calling thread nor, for
/// their whole life, the threads that it starts. What comes waits for a signal_watcher.
class blocked_signals {
  public:
    explicit blocked_signals(std::initializer_list<int> which) noexcept;
    ~blocked_signals();
    blocked_signals(blocked_signals const &) = delete;
    blocked_signals &operator=(blocked_signals const &) = delete;

  private:
    friend class signal_watcher;

    sigset_t which_;
    sigset_t before_;
};

/// A thread that takes the signals.
class signal_watcher {
  public:
    /// `call` is called for one signal after the other, with its number, on the watcher's thread; it must not throw.
    /// What came before is told at once. `of` outlives the watcher; what `call` refers to does as well.
    signal_watcher(blocked_signals const &of, std::function<void(int)> call);
    /// Returns when no call is under way; what comes then, waits again.
    ~signal_watcher();
    signal_watcher(signal_watcher const &) = delete;
    signal_watcher &operator=(signal_watcher const &) = delete;

  private:
    [[nodiscard]] int wake() const noexcept; // the signal that ends the thread

    sigset_t const which_;
    std::function<void(int)> call_;
    std::atomic<bool> ending_ = false;
    std::thread thread_;
};

} // namespace phial
