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

    /// What came record by record.
    [[nodiscard]] std::vector<std::pair<severity, std::string>> records() const;
    /// All lines as they would lie in app.log; the time of what came record by record is 1970's beginning.
    [[nodiscard]] std::string text() const;
    /// How many records the blocks were said to hold.
    [[nodiscard]] std::size_t in_blocks() const;

  private:
    log_format format_;
    mutable std::mutex mutex_;
    std::vector<std::pair<severity, std::string>> records_;
    std::string text_;
    std::size_t in_blocks_ = 0;
};

} // namespace phial::testing
