// Writes lines, and reports the records that were lost.
#pragma once

#include "phial/logging/console_output.hpp"
#include "phial/logging/line_writer.hpp"
#include "phial/logging/record.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <system_error>

namespace phial {

/// Reports on stderr, once, that writing begins to fail. When it works again, the log itself gets the number of records
/// that were lost. The number of records that were dropped before they came here is reported in the log, too.
class loss_reporter {
  public:
    /// `writer` outlives this. `report_failure` gets one message, and says whether it could be written.
    loss_reporter(line_writer &writer, log_format format,
                  std::function<wall_time()> now = std::chrono::system_clock::now,
                  std::function<bool(std::string_view)> report_failure = report_on_stderr);
    /// Reports on stderr what could not be reported in the log.
    ~loss_reporter();
    loss_reporter(loss_reporter const &) = delete;
    loss_reporter &operator=(loss_reporter const &) = delete;

    /// `dropped`: how many records have been dropped so far. `last`: nothing else waits to be written. Dropped records
    /// are reported after the last lines that waited, or after a second: in a flood one report a second.
    void write(std::string_view lines, std::size_t records, std::uint64_t dropped, bool last) noexcept;

    /// How many records were lost since this was made. From any thread.
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

  private:
    [[nodiscard]] bool must_report_dropped(std::uint64_t dropped, bool last);
    [[nodiscard]] std::error_code write_with_reports(std::string_view lines, std::uint64_t dropped, bool last);
    void report_failure(std::error_code error) noexcept;

    line_writer &writer_;
    log_format format_;
    std::function<wall_time()> now_;
    std::function<bool(std::string_view)> report_failure_;
    std::atomic<std::uint64_t> lost_ = 0;
    std::uint64_t lost_reported_ = 0; // of those, in the log
    std::uint64_t dropped_ = 0;
    std::uint64_t dropped_reported_ = 0;
    wall_time dropping_since_;
    bool failure_reported_ = false;
};

} // namespace phial
