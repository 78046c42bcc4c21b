// Users whose password checks are counted, and whose failed logins are recorded.
#pragma once

#include "phial/auth/login_trail.hpp"
#include "phial/auth/users.hpp"

#include <atomic>
#include <cstdint>

namespace phial {

/// Asks others, counts what they said, and records what was wrong.
class counted_users final : public users {
  public:
    /// Both outlive this.
    counted_users(users const &asked, login_trail &trail) noexcept : asked_(asked), trail_(trail) {}

    task<bool> check(request const &rq, std::string_view user, std::string_view password) const override;

    /// Passwords that were right, and that were not. From any thread.
    [[nodiscard]] std::uint64_t right() const noexcept { return right_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t wrong() const noexcept { return wrong_.load(std::memory_order_relaxed); }
    /// Passwords that were not looked at: 429.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

  private:
    users const &asked_;
    login_trail &trail_;
    mutable std::atomic<std::uint64_t> right_ = 0;
    mutable std::atomic<std::uint64_t> wrong_ = 0;
    mutable std::atomic<std::uint64_t> refused_ = 0;
};

} // namespace phial
