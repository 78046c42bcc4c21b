// Checks that the other side of a transfer keeps up a least rate.
#pragma once

#include <algorithm>
#include <cstdint>

namespace phial {

/// too_slow() is called once a second while the other side is waited for: time that this side takes does not count.
/// After `grace` seconds, at least `rate` bytes must have moved for each second of waiting. What moved faster counts as
/// a lead of at most `lead` seconds, so that a transfer that stops ends soon, however long it has lasted.
class pace {
  public:
    pace() = default;
    pace(std::uint64_t rate, std::uint64_t grace, std::uint64_t lead) noexcept
        : rate_(rate),
          grace_(grace),
          lead_(lead) {}

    /// `n` bytes more have moved.
    void moved(std::uint64_t n) noexcept { moved_ += n; }

    /// The new rate also applies to the seconds that were waited before.
    void set_rate(std::uint64_t rate) noexcept { rate_ = rate; }

    /// Bytes a second.
    [[nodiscard]] std::uint64_t rate() const noexcept { return rate_; }

    /// Counts one more second of waiting.
    [[nodiscard]] bool too_slow() noexcept {
        ++waited_;
        moved_ = std::min(moved_, rate_ * (waited_ + lead_));
        // The first second may have begun just before it was counted.
        return waited_ > grace_ + 1 && moved_ < rate_ * (waited_ - 1);
    }

  private:
    std::uint64_t rate_ = 0;
    std::uint64_t grace_ = 0;  // seconds
    std::uint64_t lead_ = 0;   // seconds
    std::uint64_t waited_ = 0; // seconds
    std::uint64_t moved_ = 0;  // bytes
};

} // namespace phial
