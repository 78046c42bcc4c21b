// Calls poll(2) before each piece, because the descriptor is in blocking mode.
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

// How late the end of waiting may be noticed.
constexpr int poll_milliseconds = 100;
// The pause before the next attempt at a terminal that poll() calls writable but that accepts nothing.
constexpr int pause_milliseconds = 10;
// The longest line on stderr: a pipe takes that many bytes as a whole.
constexpr std::size_t longest_report = PIPE_BUF;

std::error_code last_error() noexcept { return {errno, std::generic_category()}; }

// A terminal that poll() calls writable may take only a part and block for the rest, until it is read or Ctrl-Q is
// pressed. So it is opened again in non-blocking mode; O_NONBLOCK on `fd` would be set for all processes that share it.
// -1 when `fd` is not a terminal, or belongs to another user.
descriptor open_terminal(int fd) noexcept {
    if (::isatty(fd) != 1) return descriptor(-1);
    std::array<char, 32> path{"/proc/self/fd/"};
    std::to_chars(path.data() + std::strlen(path.data()), path.data() + path.size() - 1, fd);
    return descriptor(::open(path.data(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

// What can be written without blocking after poll(): PIPE_BUF bytes to a pipe, everything to a file, one byte to a
// terminal in blocking mode.
std::size_t piece_size(int fd, bool is_own_terminal) noexcept {
    if (!is_own_terminal && ::isatty(fd) == 1) return 1;
    struct stat found{};
    bool const is_file = ::fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
    return is_file ? SSIZE_MAX : PIPE_BUF;
}

} // namespace

console_output::console_output(int fd) noexcept
    : terminal_(open_terminal(fd)),
      fd_(terminal_.get() >= 0 ? terminal_.get() : fd),
      piece_size_(piece_size(fd_, terminal_.get() >= 0)) {}

std::error_code console_output::write(std::string_view lines) noexcept {
    if (torn_) {
        if (auto const failure = write_all("\n")) return failure;
        torn_ = false;
    }
    return write_all(lines);
}

void console_output::wait_no_longer_than(clock::time_point deadline) noexcept {
    deadline_ = deadline.time_since_epoch().count();
}

std::error_code console_output::write_all(std::string_view bytes) noexcept {
    for (bool begun = false; !bytes.empty(); begun = true) {
        auto failure = wait_until_writable();
        auto const n = failure ? 0 : ::write(fd_, bytes.data(), std::min(bytes.size(), piece_size_));
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

bool console_output::waits() const noexcept { return clock::now().time_since_epoch().count() < deadline_; }

// Errors that poll() finds are returned by write().
std::error_code console_output::wait_until_writable() const noexcept {
    for (;;) {
        pollfd poll_request{fd_, POLLOUT, 0};
        bool const may_wait = waits();
        auto const n = ::poll(&poll_request, 1, may_wait ? poll_milliseconds : 0);
        if (n > 0) return {};
        if (n < 0 && errno != EINTR) return last_error();
        if (n == 0 && !may_wait) return std::make_error_code(std::errc::stream_timeout);
    }
}

bool report_on_stderr(std::string_view message) noexcept {
    std::array<char, longest_report> line; // on the stack: there may be no memory
    std::size_t n = 0;
    for (std::string_view const part :
         {std::string_view(program_invocation_short_name), std::string_view(": "), message})
        n += part.copy(line.data() + n, line.size() - 1 - n);
    line[n++] = '\n';
    console_output output(STDERR_FILENO);
    output.wait_no_longer_than({});
    return !output.write({line.data(), n});
}

} // namespace phial
