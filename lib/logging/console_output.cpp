// Writes with poll() before each piece.
#include "phial/logging/console_output.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace phial {
namespace {

using clock = std::chrono::steady_clock;

// How long the end of waiting may remain unseen.
constexpr int poll_milliseconds = 100;
// Until a terminal that poll() calls writable, and that takes nothing all the same, is tried again.
constexpr int pause_milliseconds = 10;

std::error_code last_error() noexcept { return {errno, std::generic_category()}; }

// A terminal that poll() calls writable may take less than is written and block for the rest: until somebody reads it,
// or presses Ctrl-Q. It is opened once more, not to block: O_NONBLOCK on `fd` itself would be set for all processes
// that share it. -1 for what is no terminal, or belongs to another user.
descriptor open_terminal(int fd) noexcept {
    if (::isatty(fd) != 1) return descriptor(-1);
    std::array<char, 32> path{"/proc/self/fd/"};
    std::to_chars(path.data() + std::strlen(path.data()), path.data() + path.size() - 1, fd);
    return descriptor(::open(path.data(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

// A pipe that poll() calls writable takes this much without blocking; a file takes all there is; a terminal that blocks
// takes one byte.
std::size_t taken_at_once(int fd, bool is_own_terminal) noexcept {
    if (!is_own_terminal && ::isatty(fd) == 1) return 1;
    struct stat found{};
    bool const is_file = ::fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
    return is_file ? SSIZE_MAX : PIPE_BUF;
}

} // namespace

console_output::console_output(int to) noexcept
    : terminal_(open_terminal(to)),
      to_(terminal_.get() >= 0 ? terminal_.get() : to),
      at_once_(taken_at_once(to_, terminal_.get() >= 0)) {}

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
        if (!failure && errno == EAGAIN && waits()) {
            ::poll(nullptr, 0, pause_milliseconds);
            continue;
        }
        torn_ = torn_ || begun;
        return failure ? failure : last_error();
    }
    return {};
}

bool console_output::waits() const noexcept { return clock::now().time_since_epoch().count() < until_; }

// What poll() finds wrong, write() tells.
std::error_code console_output::wait_until_writable() const noexcept {
    for (;;) {
        pollfd to{to_, POLLOUT, 0};
        bool const may_wait = waits();
        auto const n = ::poll(&to, 1, may_wait ? poll_milliseconds : 0);
        if (n > 0) return {};
        if (n < 0 && errno != EINTR) return last_error();
        if (n == 0 && !may_wait) return std::make_error_code(std::errc::stream_timeout);
    }
}

} // namespace phial
