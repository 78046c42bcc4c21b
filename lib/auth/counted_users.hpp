// Users whose password checks are counted.
#pragma once

#include "auth/users.hpp"

#include <atomic>
#include <cstdint>

namespace phial {

/// Asks others, and counts what they said.
class counted_users final : public users {
  public:
    /// `asked` outlives this.
    explicit counted_users(users const &asked) noexcept : asked_(asked) {}

    task<bool> check(std::string_view user, std::string_view password) const override;

    /// Passwords that were right, and that were not. From any thread.
    [[nodiscard]] std::uint64_t right() const noexcept { return right_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t wrong() const noexcept { return wrong_.load(std::memory_order_relaxed); }

  private:
    users const &asked_;
    mutable std::atomic<std::uint64_t> right_ = 0;
    mutable std::atomic<std::uint64_t> wrong_ = 0;
};

} // namespace phial
