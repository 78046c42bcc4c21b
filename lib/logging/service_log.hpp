// The log of a process: a file, a file of failed logins and the console.
#pragma once

#include "phial/logging/logger.hpp"
#include "phial/logging/rotating_file.hpp"

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <unistd.h>

namespace phial {

struct log_options {
    std::string folder = ".";           // of the files; empty: no file
    std::string name = "app";           // of the file, <name>.log, and of the renamed ones (see rotating_file)
    std::string logins_name = "logins"; // of the file of failed logins
    log_format format = log_format::text;
    rotation rotate;
    int console = STDOUT_FILENO;          // descriptor to write to as well; -1: none
    std::size_t queue_bytes = 4ULL << 20; // what may wait for each file and for the console
};

/// The log cannot be opened; what() is a sentence with the file and the reason.
class log_error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class service_log : public log_sink {
  public:
    /// Opens the files again, after they were moved or removed (logrotate). When that fails, records stay in the old
    /// file.
    [[nodiscard]] virtual std::error_code reopen() noexcept = 0;
    /// Writes a line, with its end, that is not a record: to the console only, in order with the records.
    virtual void announce(std::string line) noexcept = 0;

    /// The sink for records of failed logins. They go where all records go, and to a separate file, which is created
    /// with the first of them. This file has its queue and its rotation, so that other records cannot push them out.
    [[nodiscard]] virtual log_sink &logins() noexcept = 0;
};

/// Opens the log: one line a record. A caller never waits: lines go into one queue for each file and one for the
/// console, and a thread for each queue writes them in order. A record that finds its queue full is dropped, one that
/// cannot be written is lost; both are counted and reported (see loss_reporter), and the service continues. The
/// destructor writes what is left; it waits for a blocked console at most a second. Throws log_error when the file
/// cannot be opened. One log at a time: Boost.Log has one core a process.
[[nodiscard]] std::unique_ptr<service_log> open_log(log_options const &options);

} // namespace phial
