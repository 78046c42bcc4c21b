// A shared amount, of bytes or places.
#pragma once

#include <atomic>
#include <cstdint>

namespace phial {

/// Never more than the total is taken at a time. Thread-safe.
class quota {
  public:
    explicit quota(std::uint64_t total) noexcept : total_(total) {}

    [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
    [[nodiscard]] std::uint64_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

    /// Takes n; false, and nothing is taken, when fewer are left.
    [[nodiscard]] bool take(std::uint64_t n) noexcept {
        auto used = used_.load(std::memory_order_relaxed);
        do {
            if (n > total_ || used > total_ - n) return false;
        } while (!used_.compare_exchange_weak(used, used + n, std::memory_order_relaxed));
        return true;
    }
    void give_back(std::uint64_t n) noexcept { used_.fetch_sub(n, std::memory_order_relaxed); }

  private:
    std::uint64_t total_;
    std::atomic<std::uint64_t> used_ = 0;
};

} // namespace phial
