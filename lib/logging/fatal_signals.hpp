// Lets the log write its queued records when the process crashes.
#pragma once

#include <array>
#include <csignal>
#include <cstddef>
#include <memory>

namespace phial {

/// While it lives, SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT are reported on stderr and delayed by a fifth of a
/// second, in which the log's threads write their queues; then the process ends by that signal. A stack overflow is
/// handled on the thread that made this; on any other thread the process ends at once. Under a sanitizer it does
/// nothing, because the sanitizer has its handlers.
class fatal_signals {
  public:
    fatal_signals();
    ~fatal_signals();
    fatal_signals(fatal_signals const &) = delete;
    fatal_signals &operator=(fatal_signals const &) = delete;

    static constexpr std::array<int, 5> all{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

  private:
    std::unique_ptr<std::byte[]> stack_;
    stack_t previous_stack_{};
    std::array<struct sigaction, all.size()> previous_{};
};

} // namespace phial
