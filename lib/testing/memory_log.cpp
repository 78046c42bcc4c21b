#include "phial/testing/memory_log.hpp"

namespace phial::testing {

void memory_log::write(severity level, std::string_view message, std::span<attribute const> attributes) noexcept {
    std::lock_guard const lock(mutex_);
    records_.emplace_back(level, message);
    append_record(text_, format_, wall_time{}, level, message, attributes);
}

void memory_log::write_lines(std::string lines, std::size_t records) noexcept {
    std::lock_guard const lock(mutex_);
    text_ += lines;
    block_records_ += records;
}

std::vector<std::pair<severity, std::string>> memory_log::records() const {
    std::lock_guard const lock(mutex_);
    return records_;
}

std::string memory_log::text() const {
    std::lock_guard const lock(mutex_);
    return text_;
}

std::size_t memory_log::block_records() const {
    std::lock_guard const lock(mutex_);
    return block_records_;
}

} // namespace phial::testing
