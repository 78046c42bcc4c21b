// The handler. It may call nothing that is not async-signal-safe, for whatever was going on holds its locks.
#include "phial/logging/fatal_signals.hpp"

#include "phial/logging/accounted_output.hpp"

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

std::string_view line_of(int signal) noexcept {
    switch (signal) {
    case SIGSEGV: return "phial: ends by SIGSEGV: a fault of the program\n";
    case SIGBUS: return "phial: ends by SIGBUS: a fault of the program or of a disk\n";
    case SIGFPE: return "phial: ends by SIGFPE: a fault of the program\n";
    case SIGILL: return "phial: ends by SIGILL: a fault of the program\n";
    default: return "phial: ends by SIGABRT: a fault of the program\n";
    }
}

extern "C" void wait_for_the_log(int signal) {
    bool told = false;
    for (int i = 0; i < moments; ++i) {
        told = told || tell_on_stderr(line_of(signal)); // it may be a pipe that the log has filled
        timespec left = a_moment;
        while (::nanosleep(&left, &left) != 0) {
        }
    }
    struct sigaction by_default{};
    by_default.sa_handler = SIG_DFL;
    ::sigaction(signal, &by_default, nullptr);
    ::raise(signal); // blocked here: it comes when the handler returns
}

} // namespace

fatal_signals::fatal_signals() {
    if (sanitized) return;
    stack_ = std::make_unique<std::byte[]>(stack_bytes);
    stack_t const stack{.ss_sp = stack_.get(), .ss_flags = 0, .ss_size = stack_bytes};
    ::sigaltstack(&stack, &stack_before_);
    struct sigaction ours{};
    ours.sa_handler = wait_for_the_log;
    ours.sa_flags = SA_ONSTACK;
    for (std::size_t i = 0; i < all.size(); ++i) ::sigaction(all[i], &ours, &before_[i]);
}

fatal_signals::~fatal_signals() {
    if (sanitized) return;
    for (std::size_t i = 0; i < all.size(); ++i) ::sigaction(all[i], &before_[i], nullptr);
    ::sigaltstack(&stack_before_, nullptr);
}

} // namespace phial
