// What the log has taken is written even when the process crashes.
#pragma once

#include <array>
#include <csignal>
#include <cstddef>
#include <memory>

namespace phial {

/// While it lives, SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT are told on stderr and wait a fifth of a second, in
/// which the log's threads write what they have; then the process ends by that signal, as it would have. A stack that
/// overflows is caught on the thread that made this; on another the process ends at once. Under a sanitizer it does
/// nothing: that has handlers of its own.
class fatal_signals {
  public:
    fatal_signals();
    ~fatal_signals();
    fatal_signals(fatal_signals const &) = delete;
    fatal_signals &operator=(fatal_signals const &) = delete;

    static constexpr std::array<int, 5> all{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

  private:
    std::unique_ptr<std::byte[]> stack_;
    stack_t stack_before_{};
    std::array<struct sigaction, all.size()> before_{};
};

} // namespace phial
