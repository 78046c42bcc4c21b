// The logger every module may use: levels and a place to write to, no log library.
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
    std::uint64_t dropped = 0; // too many came at once
    std::uint64_t lost = 0;    // writing failed
};

/// Where records go. Called from all threads at once; waits for no disk and no reader.
class log_sink {
  public:
    virtual ~log_sink() = default;
    /// Writes one record. Whatever it holds, it becomes one line.
    virtual void write(severity level, std::string_view message, std::span<attribute const> attributes) noexcept = 0;
    /// Writes whole lines, each made by append_record() in this sink's format(): what makes many records hands them
    /// over in blocks. `records` is how many they are.
    virtual void write_lines(std::string lines, std::size_t records) noexcept = 0;
    /// Counts records that could not be made.
    virtual void count_dropped(std::size_t records) noexcept = 0;
    [[nodiscard]] virtual log_format format() const noexcept = 0;
    /// A sink with several places to write to adds up what each of them has not got.
    [[nodiscard]] virtual log_counts counts() const noexcept { return {}; }
};

///     log.info("uploaded ", n, " bytes");
///
/// The parts are joined as concat() does it, and only when the level is wanted. Thread-safe.
class logger {
  public:
    /// `sink` outlives the logger. Records below `least` are not written.
    explicit logger(log_sink &sink, severity least = severity::info) noexcept : sink_(sink), least_(least) {}

    /// How many attributes a logger can add to its records.
    static constexpr std::size_t most_attributes = 2;
    /// One like `other` that adds these, at most `most_attributes`, to each record. What they view outlives it.
    logger(logger const &other, std::span<attribute const> attributes) noexcept
        : sink_(other.sink_),
          least_(other.least_),
          count_(std::min(attributes.size(), most_attributes)) {
        std::copy_n(attributes.begin(), count_, attributes_.begin());
    }

    /// One whose records say which request they belong to:
    ///
    ///     log(rq).info("uploaded ", n, " bytes");
    ///
    /// `rq` outlives it.
    [[nodiscard]] logger operator()(request const &rq) const noexcept {
        if (rq.id().empty()) return *this;
        return {*this, std::array{attribute{"request_id", rq.id()}, attribute{"trace_id", rq.trace()}}};
    }

    template <class... Parts>
    void log(severity level, Parts const &...parts) const {
        if (level >= least_) sink_.write(level, concat(parts...), std::span(attributes_).first(count_));
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
