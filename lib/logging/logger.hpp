// The logger that every module uses: levels, and a sink to write to. It needs no log library.
#pragma once

#include "phial/http/request.hpp"
#include "phial/logging/record.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace phial {

/// Records that were not written, since the start.
struct log_counts {
    std::uint64_t dropped = 0; // because the queue was full
    std::uint64_t lost = 0;    // because writing failed
};

/// A destination of records. Called from all threads at once; never waits for a disk or a reader.
class log_sink {
  public:
    virtual ~log_sink() = default;
    /// Writes one record, always as one line.
    virtual void write(severity level, std::string_view message, std::span<attribute const> attributes) noexcept = 0;
    /// Writes whole lines, each made by append_record() in this sink's format(): a source of many records hands them
    /// over in blocks. `records` is their number.
    virtual void write_lines(std::string lines, std::size_t records) noexcept = 0;
    /// Counts records that could not be made.
    virtual void count_dropped(std::size_t records) noexcept = 0;
    [[nodiscard]] virtual log_format format() const noexcept = 0;
    /// A sink that writes to several places adds up the records that each of them has missed.
    [[nodiscard]] virtual log_counts counts() const noexcept { return {}; }
};

///     log.info("uploaded ", n, " bytes");
///
/// The parts are joined by concat(), only when the level is enabled. Thread-safe.
class logger {
  public:
    /// `sink` outlives the logger. Records below `least` are not written.
    explicit logger(log_sink &sink, severity least = severity::info) noexcept : sink_(sink), least_(least) {}

    /// How many attributes a logger can add to its records.
    static constexpr std::size_t most_attributes = 2;
    /// A copy of `other` that adds these attributes, at most `most_attributes`, to each record. The texts they refer to
    /// outlive it.
    logger(logger const &other, std::span<attribute const> attributes) noexcept
        : sink_(other.sink_),
          least_(other.least_),
          count_(std::min(attributes.size(), most_attributes)) {
        std::copy_n(attributes.begin(), count_, attributes_.begin());
    }

    /// A copy whose records have the request's ids:
    ///
    ///     log(rq).info("uploaded ", n, " bytes");
    ///
    /// `rq` outlives it.
    [[nodiscard]] logger operator()(request const &rq) const noexcept {
        if (rq.id().empty()) return *this;
        return {*this, std::array{attribute{"request_id", rq.id()}, attribute{"trace_id", rq.trace()}}};
    }

    /// Whether records of that level are written.
    [[nodiscard]] bool writes(severity level) const noexcept { return level >= least_; }

    template <class... Parts>
    void log(severity level, Parts const &...parts) const {
        if (writes(level)) sink_.write(level, concat(parts...), std::span(attributes_).first(count_));
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
    std::array<attribute, most_attributes> attributes_{};
    std::size_t count_ = 0;
};

} // namespace phial
