// stdout, whoever reads it or does not.
#pragma once

#include "phial/logging/accounted_output.hpp"
#include "phial/runtime/descriptor.hpp"

#include <atomic>
#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace phial {

/// Writes to a descriptor that is not its own: a terminal, a pipe, a file. Waits for its reader, and can be stopped
/// from waiting. (The descriptor stays blocking: it is shared with other processes.) Async-signal-safe.
class console_output final : public log_output {
  public:
    explicit console_output(int to) noexcept;

    [[nodiscard]] std::error_code write(std::string_view lines) noexcept override;
    [[nodiscard]] std::string const &name() const noexcept override { return name_; }

    /// From then on nothing waits; what cannot be written at once is lost. From any thread.
    void wait_no_longer_than(std::chrono::steady_clock::time_point until) noexcept;

  private:
    [[nodiscard]] bool waits() const noexcept;
    [[nodiscard]] std::error_code wait_until_writable() const noexcept;
    [[nodiscard]] std::error_code write_all(std::string_view bytes) noexcept;

    using ticks = std::chrono::steady_clock::rep;

    descriptor const terminal_; // -1: it is none
    int const to_;
    std::size_t const at_once_;
    std::string const name_ = "stdout";
    std::atomic<ticks> until_ = std::numeric_limits<ticks>::max();
    bool torn_ = false; // the last line was not written to its end
};

} // namespace phial
