// The log's file and the console, each with a thread of its own, by Boost.Log.
#pragma once

#include "phial/logging/logger.hpp"
#include "phial/logging/rotating_file.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <system_error>
#include <unistd.h>

namespace phial {

struct log_options {
    std::string folder = "."; // of app.log and logins.log; empty: no file
    log_format format = log_format::text;
    rotation rotate;
    int console = STDOUT_FILENO;          // descriptor to write to as well; -1: none
    std::size_t queue_bytes = 4ULL << 20; // what may wait for the file, and as much for the console
};

/// The log of a process.
class service_log : public log_sink {
  public:
    /// Opens app.log and logins.log anew, because they were moved or removed (logrotate). When that fails, records go
    /// on to the old file.
    [[nodiscard]] virtual std::error_code reopen() noexcept = 0;
    /// Writes a line, with its end, that is no record: on the console only, in order with the records.
    virtual void announce(std::string line) noexcept = 0;

    /// Where records of failed logins go: what is written to it goes where all records go, and into a file of its own,
    /// logins.log, made with the first of them, which has a queue of its own and is rotated by itself. So no other
    /// record can push it out.
    [[nodiscard]] virtual log_sink &logins() noexcept = 0;
};

/// Opens the log: a line a record. Who writes waits for nothing: lines are put into a queue for the file and one for
/// the console, and written by a thread each, in order. What finds its queue full is dropped, what cannot be written is
/// lost; both are counted and told (see accounted_output), and the service goes on. The destructor writes what is left,
/// to a console that takes nothing for no longer than a second. Throws std::runtime_error when a file cannot be
/// opened. One at a time: Boost.Log has one core a process.
[[nodiscard]] std::unique_ptr<service_log> open_log(log_options const &options);

} // namespace phial
