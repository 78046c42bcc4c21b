// Whether the other side of a transfer keeps up a least speed.
#pragma once

#include <algorithm>
#include <cstdint>

namespace phial {

/// Asked once a second, while one waits for the other side: time we take ourselves does not count against it. Over all
/// seconds waited, `rate` bytes a second have to have moved, once `grace` seconds are over. What moved faster than that
/// is a lead of `lead` seconds at most, so that a transfer that stands still ends soon, however long it has been.
class pace {
  public:
    pace() = default;
    pace(std::uint64_t rate, std::uint64_t grace, std::uint64_t lead) noexcept
        : rate_(rate),
          grace_(grace),
          lead_(lead) {}

    /// `n` bytes more have moved.
    void moved(std::uint64_t n) noexcept { moved_ += n; }

    /// The rate is another one from now on.
    void set_rate(std::uint64_t rate) noexcept { rate_ = rate; }

    /// Bytes a second.
    [[nodiscard]] std::uint64_t rate() const noexcept { return rate_; }

    /// A second of waiting is over.
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
