// Writes with poll() before each piece.
#include "logging/console_output.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace phial {
namespace {

using clock = std::chrono::steady_clock;

// How long the end of waiting may remain unseen.
constexpr int poll_milliseconds = 100;

std::error_code last_error() noexcept { return {errno, std::generic_category()}; }

// A pipe that poll() calls writable takes this much without blocking; a file takes all there is.
std::size_t taken_at_once(int fd) noexcept {
    struct stat found{};
    bool const is_file = ::fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
    return is_file ? SSIZE_MAX : PIPE_BUF;
}

} // namespace

console_output::console_output(int to) noexcept : to_(to), at_once_(taken_at_once(to)) {}

std::error_code console_output::write(std::string_view lines) noexcept {
    if (torn_) {
        if (auto const failure = write_all("\n")) return failure;
        torn_ = false;
    }
    return write_all(lines);
}

void console_output::wait_no_longer_than(clock::time_point until) noexcept {
    until_ = until.time_since_epoch().count();
}

std::error_code console_output::write_all(std::string_view bytes) noexcept {
    for (bool begun = false; !bytes.empty(); begun = true) {
        auto failure = wait_until_writable();
        auto const n = failure ? 0 : ::write(to_, bytes.data(), std::min(bytes.size(), at_once_));
        if (n > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
            continue;
        }
        if (!failure && errno == EINTR) continue;
        torn_ = torn_ || begun;
        return failure ? failure : last_error();
    }
    return {};
}

// What poll() finds wrong, write() tells.
std::error_code console_output::wait_until_writable() const noexcept {
    for (;;) {
        pollfd to{to_, POLLOUT, 0};
        bool const waits = clock::now().time_since_epoch().count() < until_;
        auto const n = ::poll(&to, 1, waits ? poll_milliseconds : 0);
        if (n > 0) return {};
        if (n < 0 && errno != EINTR) return last_error();
        if (n == 0 && !waits) return std::make_error_code(std::errc::stream_timeout);
    }
}

} // namespace phial
