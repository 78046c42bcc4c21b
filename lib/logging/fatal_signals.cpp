// The handler may call async-signal-safe functions only: the interrupted code may hold locks.
#include "phial/logging/fatal_signals.hpp"

#include "phial/logging/console_output.hpp"

#include <ctime>
#include <string_view>

namespace phial {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool sanitized = false;
#endif

constexpr std::size_t stack_bytes = 64 * 1024;
constexpr timespec a_moment{0, 20'000'000};
constexpr int moments = 10;

std::string_view message_of(int signal) noexcept {
    switch (signal) {
    case SIGSEGV: return "ends by SIGSEGV: a fault of the program";
    case SIGBUS: return "ends by SIGBUS: a fault of the program or of a disk";
    case SIGFPE: return "ends by SIGFPE: a fault of the program";
    case SIGILL: return "ends by SIGILL: a fault of the program";
    default: return "ends by SIGABRT: a fault of the program";
    }
}

extern "C" void wait_for_the_log(int signal) {
    bool reported = false;
    for (int i = 0; i < moments; ++i) {
        reported = reported || report_on_stderr(message_of(signal)); // stderr may be a pipe that the log has filled
        timespec left = a_moment;
        while (::nanosleep(&left, &left) != 0) {
        }
    }
    struct sigaction default_action{};
    default_action.sa_handler = SIG_DFL;
    ::sigaction(signal, &default_action, nullptr);
    ::raise(signal); // blocked here: delivered when the handler returns
}

} // namespace

fatal_signals::fatal_signals() {
    if (sanitized) return;
    stack_ = std::make_unique_for_overwrite<std::byte[]>(stack_bytes);
    stack_t const stack{.ss_sp = stack_.get(), .ss_flags = 0, .ss_size = stack_bytes};
    ::sigaltstack(&stack, &previous_stack_);
    struct sigaction action{};
    action.sa_handler = wait_for_the_log;
    action.sa_flags = SA_ONSTACK;
    for (std::size_t i = 0; i < all.size(); ++i) ::sigaction(all[i], &action, &previous_[i]);
}

fatal_signals::~fatal_signals() {
    if (sanitized) return;
    for (std::size_t i = 0; i < all.size(); ++i) ::sigaction(all[i], &previous_[i], nullptr);
    ::sigaltstack(&previous_stack_, nullptr);
}

} // namespace phial
