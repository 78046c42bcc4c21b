// The memory that all request bodies may hold together.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace phial {

/// Bytes to share out. Thread-safe; outlives its shares.
class memory_budget {
  public:
    explicit memory_budget(std::uint64_t bytes) noexcept : total_(bytes) {}

    [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
    [[nodiscard]] std::uint64_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

    /// Takes n bytes, or none when there are not so many.
    [[nodiscard]] bool take(std::uint64_t n) noexcept;
    void give_back(std::uint64_t n) noexcept { used_.fetch_sub(n, std::memory_order_relaxed); }

  private:
    std::uint64_t total_;
    std::atomic<std::uint64_t> used_ = 0;
};

/// What one request holds of the budget; given back with its end.
class memory_share {
  public:
    /// `of` null: without bound.
    explicit memory_share(memory_budget *of = nullptr) noexcept : of_(of) {}
    memory_share(memory_share const &) = delete;
    memory_share &operator=(memory_share const &) = delete;
    ~memory_share() {
        if (of_ != nullptr) of_->give_back(held_);
    }

    /// Takes n bytes more; http_error(503) with Retry-After when they are not there.
    void grow(std::uint64_t n);

    /// The same error when n bytes more are not there now. Nothing is taken: what a client announces is not yet memory.
    void require(std::uint64_t n) const;

  private:
    memory_budget *of_;
    std::uint64_t held_ = 0;
};

} // namespace phial
