// A log file that is renamed when it is large or old enough; some of the renamed files are kept.
#pragma once

#include "phial/logging/line_writer.hpp"
#include "phial/logging/record.hpp"
#include "phial/runtime/descriptor.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>

namespace phial {

struct rotation {
    std::uint64_t bytes = 10ULL << 20; // the file is renamed before it exceeds this; one write is never split
    unsigned interval = 0;             // seconds; also renamed at each multiple of it since 1970, in UTC. 0: never
    unsigned kept = 10;                // renamed files
};

/// When the file is opened, and created if it is missing.
enum class opening { at_once, with_first_line };

/// Appends to <folder>/<name>.log. When it is due, that file is renamed to <name>-<YYYYmmddTHHMMSS>-<NNNNN>.log (UTC,
/// and a number that grows) and a new one begins. The oldest renamed file is removed when there are more than are kept,
/// whichever process wrote it.
class rotating_file final : public line_writer {
  public:
    /// Throws std::system_error when the file cannot be opened at once.
    rotating_file(std::filesystem::path folder, std::string name, rotation limits, opening first = opening::at_once,
                  std::function<wall_time()> now = std::chrono::system_clock::now);

    /// Takes back what was written only in part (on a full disk).
    [[nodiscard]] std::error_code write(std::string_view lines) noexcept override;
    [[nodiscard]] std::string const &name() const noexcept override { return path_; }

    /// Opens the file again, after it was moved or removed. When that fails, the open file gets further lines. Does
    /// nothing before the first line of opening::with_first_line. Not while write() is under way.
    [[nodiscard]] std::error_code reopen() noexcept;

  private:
    [[nodiscard]] std::error_code open() noexcept;
    [[nodiscard]] bool is_due(std::size_t more, wall_time now) noexcept;
    [[nodiscard]] std::error_code rotate(wall_time now);
    void remove_surplus();
    [[nodiscard]] std::error_code append(std::string_view lines) noexcept;
    void take_back(std::size_t written) noexcept;
    [[nodiscard]] std::int64_t period_of(wall_time time) const noexcept;

    std::filesystem::path folder_;
    std::string stem_; // the name without .log
    std::string path_;
    rotation limits_;
    std::function<wall_time()> now_;
    descriptor file_{-1};
    std::uint64_t size_ = 0;
    std::int64_t period_ = 0; // of the file's content
    bool torn_ = false;       // its last line is incomplete
};

} // namespace phial
