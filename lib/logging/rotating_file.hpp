// app.log: a file that is renamed when it is large or old enough, of which some are kept.
#pragma once

#include "phial/logging/accounted_output.hpp"
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
    std::uint64_t bytes =
        10ULL << 20;       // app.log is renamed before it would become larger; what is written at once is not split
    unsigned interval = 0; // seconds; ... and at each multiple of it since 1970, in UTC. 0: never
    unsigned kept = 10;    // files of those that were renamed
};

/// Appends to <folder>/app.log. When it is time, that becomes app-<YYYYmmddTHHMMSS>-<NNNNN>.log (UTC, and a number that
/// grows), a new one begins, and the oldest of those is removed when there are more than are kept, whoever wrote them.
class rotating_file final : public log_output {
  public:
    /// Throws std::system_error when app.log cannot be opened. `stem`: another file than app.log, and its renamed ones,
    /// have this name for "app".
    rotating_file(std::filesystem::path folder, rotation when,
                  std::function<wall_time()> now = std::chrono::system_clock::now, std::string stem = "app");

    /// What can be written in part only (a full disk) is taken back.
    [[nodiscard]] std::error_code write(std::string_view lines) noexcept override;
    [[nodiscard]] std::string const &name() const noexcept override { return path_; }

    /// Opens app.log anew: somebody has moved or removed it. When that fails, records go on to the file that is open.
    /// Not while write() is under way.
    [[nodiscard]] std::error_code reopen() noexcept;

  private:
    [[nodiscard]] bool is_due(std::size_t more, wall_time now) noexcept;
    [[nodiscard]] std::error_code rotate(wall_time now);
    void remove_surplus();
    [[nodiscard]] std::error_code append(std::string_view lines) noexcept;
    void take_back(std::size_t written) noexcept;
    [[nodiscard]] std::int64_t period_of(wall_time time) const noexcept;

    std::filesystem::path folder_;
    std::string stem_;
    std::string path_;
    rotation when_;
    std::function<wall_time()> now_;
    descriptor file_{-1};
    std::uint64_t size_ = 0;
    std::int64_t period_ = 0; // of what the file holds
    bool torn_ = false;       // it ends within a line
};

} // namespace phial
