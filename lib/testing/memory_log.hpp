// A log in memory, for tests that look at it.
#pragma once

#include "phial/logging/logger.hpp"

#include <cstddef>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial::testing {

/// Keeps its records; thread-safe.
class memory_log final : public log_sink {
  public:
    explicit memory_log(log_format format = log_format::text) noexcept : format_(format) {}
    void write(severity level, std::string_view message, std::span<attribute const> attributes) noexcept override;
    void write_lines(std::string lines, std::size_t records) noexcept override;
    void count_dropped(std::size_t) noexcept override {}
    [[nodiscard]] log_format format() const noexcept override { return format_; }

    /// The records that came one by one, by write().
    [[nodiscard]] std::vector<std::pair<severity, std::string>> records() const;
    /// All lines, as app.log would have them. Records that came one by one have the time 1970-01-01T00:00:00.
    [[nodiscard]] std::string text() const;
    /// How many records came in blocks, by write_lines().
    [[nodiscard]] std::size_t block_records() const;

  private:
    log_format format_;
    mutable std::mutex mutex_;
    std::vector<std::pair<severity, std::string>> records_;
    std::string text_;
    std::size_t block_records_ = 0;
};

} // namespace phial::testing
