// The logger every module may use: levels and a place to write to, no log library.
#pragma once

#include "http/concat.hpp"

#include <optional>
#include <string_view>

namespace phial {

enum class severity { debug, info, warning, error, critical };

[[nodiscard]] std::string_view to_string(severity s) noexcept;
/// "debug", "info", "warning", "error" or "critical"; nothing for anything else.
[[nodiscard]] std::optional<severity> parse_severity(std::string_view name) noexcept;

/// Where records go. Called from all threads at once.
class log_sink {
  public:
    virtual ~log_sink() = default;
    /// Writes one record. Whatever the message holds, it becomes one line. Must not throw.
    virtual void write(severity level, std::string_view message) noexcept = 0;
};

///     log.info("uploaded ", n, " bytes");
///
/// The parts are joined as concat() does it, and only when the level is wanted. Thread-safe.
class logger {
  public:
    /// `sink` outlives the logger. Records below `least` are not written.
    explicit logger(log_sink &sink, severity least = severity::info) noexcept : sink_(sink), least_(least) {}

    template <class... Parts>
    void log(severity level, Parts const &...parts) const {
        if (level >= least_) sink_.write(level, concat(parts...));
    }
    template <class... Parts>
    void debug(Parts const &...parts) const {
        log(severity::debug, parts...);
    }
    template <class... Parts>
    void info(Parts const &...parts) const {
        log(severity::info, parts...);
    }
    template <class... Parts>
    void warning(Parts const &...parts) const {
        log(severity::warning, parts...);
    }
    template <class... Parts>
    void error(Parts const &...parts) const {
        log(severity::error, parts...);
    }
    template <class... Parts>
    void critical(Parts const &...parts) const {
        log(severity::critical, parts...);
    }

  private:
    log_sink &sink_;
    severity least_;
};

/// `message` with everything that could end the line or steer a terminal written as an escape (`\n`, `\x1b`): control
/// characters, and bytes that are no UTF-8 as U+FFFD.
[[nodiscard]] std::string one_line(std::string_view message);

} // namespace phial
