// The log's files and the console, by Boost.Log.
#pragma once

#include "logging/logger.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace phial {

struct log_options {
    std::string folder = "."; // of app.log; empty: no file
    log_format format = log_format::text;
    bool console = true;                      // stdout
    std::uint64_t rotate_bytes = 10ULL << 20; // app.log is renamed to app-<time>.log when it reaches this size ...
    unsigned kept_files = 10;                 // ... and of those, this many are kept
};

/// Opens the log: one line a record, `2026-11-22T17:30:00.123456Z info    message`. Records are written by a thread of
/// the log's own, in order; the destructor writes what is left. When more than 8,192 wait, writers wait too. Throws
/// std::runtime_error when the folder cannot be written to. One at a time: Boost.Log has one core a process.
[[nodiscard]] std::unique_ptr<log_sink> open_log(log_options const &options);

} // namespace phial
