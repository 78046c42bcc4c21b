// stdout and stderr: never blocked forever by a reader that does not read.
#pragma once

#include "phial/logging/line_writer.hpp"
#include "phial/runtime/descriptor.hpp"

#include <atomic>
#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace phial {

/// Writes to a descriptor that it does not own: a terminal, a pipe, a file. Waits for its reader; the wait can be
/// ended. (The descriptor stays in blocking mode, because other processes share it.) Async-signal-safe.
class console_output final : public line_writer {
  public:
    explicit console_output(int fd) noexcept;

    [[nodiscard]] std::error_code write(std::string_view lines) noexcept override;
    [[nodiscard]] std::string const &name() const noexcept override { return name_; }

    /// After `deadline` write() does not wait; lines that cannot be written at once are lost. From any thread.
    void wait_no_longer_than(std::chrono::steady_clock::time_point deadline) noexcept;

  private:
    [[nodiscard]] bool waits() const noexcept;
    [[nodiscard]] std::error_code wait_until_writable() const noexcept;
    [[nodiscard]] std::error_code write_all(std::string_view bytes) noexcept;

    using ticks = std::chrono::steady_clock::rep;

    descriptor const terminal_; // -1: not a terminal
    int const fd_;
    std::size_t const piece_size_;
    std::string const name_ = "stdout";
    std::atomic<ticks> deadline_ = std::numeric_limits<ticks>::max();
    bool torn_ = false; // the last line was only partly written
};

/// Writes a line on stderr: the program's name (as error(3) does), a colon and `message`, cut at 4096 bytes. False when
/// it cannot be written now: it never waits. Async-signal-safe.
bool report_on_stderr(std::string_view message) noexcept;

} // namespace phial
