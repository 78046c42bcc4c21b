// Somewhere the log's lines go, and the account of those that do not get there.
#pragma once

#include "phial/logging/record.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>

namespace phial {

class log_output {
  public:
    virtual ~log_output() = default;
    /// Writes whole lines: all of them, or as far as a reader of lines can tell, none. From one thread at a time.
    [[nodiscard]] virtual std::error_code write(std::string_view lines) noexcept = 0;
    /// What an operator knows it by.
    [[nodiscard]] virtual std::string const &name() const noexcept = 0;
};

/// Writes one line on stderr. False when it cannot be written now: whoever does not read stderr stops nothing.
bool tell_on_stderr(std::string_view line) noexcept;

/// Writes to an output, and tells what did not get there: on stderr, once, when writing begins to fail; in the log
/// itself how many records were lost, when it works again; and there how many were dropped before they came here.
class accounted_output {
  public:
    /// `to` outlives it. `tell` is called with a line that has its end.
    accounted_output(log_output &to, log_format format, std::function<wall_time()> now = std::chrono::system_clock::now,
                     std::function<bool(std::string_view)> tell = tell_on_stderr);
    /// Tells on stderr what could not be told in the log.
    ~accounted_output();
    accounted_output(accounted_output const &) = delete;
    accounted_output &operator=(accounted_output const &) = delete;

    /// `dropped`: how many records have been dropped so far. `last`: nothing else waits to be written. What was dropped
    /// is told with the last of what waited, or after a second: a record a second in a flood.
    void write(std::string_view lines, std::size_t records, std::uint64_t dropped, bool last) noexcept;

    /// How many records were lost, since it was made. From any thread.
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

  private:
    [[nodiscard]] bool must_tell_dropped(std::uint64_t dropped, bool last);
    [[nodiscard]] std::error_code write_with_reports(std::string_view lines, std::uint64_t dropped, bool last);
    void tell_failure(std::error_code why) noexcept;

    log_output &to_;
    log_format format_;
    std::function<wall_time()> now_;
    std::function<bool(std::string_view)> tell_;
    std::atomic<std::uint64_t> lost_ = 0;
    std::uint64_t lost_told_ = 0; // of those, in the log
    std::uint64_t dropped_ = 0;
    std::uint64_t dropped_told_ = 0;
    wall_time dropping_since_;
    bool failure_told_ = false;
};

} // namespace phial
