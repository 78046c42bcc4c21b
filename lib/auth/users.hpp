// Users: whether a password is right, counted and recorded.
#pragma once

#include "phial/auth/login_trail.hpp"
#include "phial/http/request.hpp"
#include "phial/runtime/task.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace phial {

/// Checks passwords and counts the results. Called on all loops at once.
class users {
  public:
    virtual ~users() = default;
    users(users const &) = delete;
    users &operator=(users const &) = delete;

    /// Whether the password is that user's. `rq` is the request that asks (request::client). Awaitable, because a hash
    /// takes long and is not computed on the loop. The arguments live until the result is there. Throws http_error
    /// (429, 503) when the client has to try again later. `encoded` is for remembered(); empty: it is not known.
    [[nodiscard]] task<bool> check(request const &rq, std::string_view user, std::string_view password,
                                   std::string_view encoded = {}) const;

    /// The user whose credentials these are, as they were sent (encoded_basic), if check() had them and they are still
    /// remembered as right: then nothing is decoded, and nothing waits. It counts as a check. Nothing does not mean
    /// that they are wrong: then ask check().
    [[nodiscard]] std::optional<std::string> remembered(request const &rq, std::string_view encoded) const;

    /// Passwords that were right, and those that were wrong. From any thread.
    [[nodiscard]] std::uint64_t right() const noexcept { return right_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t wrong() const noexcept { return wrong_.load(std::memory_order_relaxed); }
    /// Passwords that were not checked: 429.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

  protected:
    /// Failed logins are recorded in `trail`, which outlives this; null: they are not recorded.
    explicit users(login_trail *trail = nullptr) noexcept : trail_(trail) {}

  private:
    /// What check() asks; it has the same parameters and throws the same.
    [[nodiscard]] virtual task<bool> is_right(request const &rq, std::string_view user,
                                              std::string_view password) const = 0;

    /// What remembered() asks, and what check() tells after a right password; for users whose passwords take long to
    /// check.
    [[nodiscard]] virtual std::optional<std::string> recall(request const &, std::string_view /*encoded*/) const {
        return std::nullopt;
    }
    virtual void recognise(std::string_view /*encoded*/, std::string_view /*user*/,
                           std::string_view /*password*/) const {}

    login_trail *trail_;
    mutable std::atomic<std::uint64_t> right_ = 0;
    mutable std::atomic<std::uint64_t> wrong_ = 0;
    mutable std::atomic<std::uint64_t> refused_ = 0;
};

/// One user, whose name and password are in the program: for examples and tests.
class single_user final : public users {
  public:
    single_user(std::string name, std::string password, login_trail *trail = nullptr)
        : users(trail),
          name_(std::move(name)),
          password_(std::move(password)) {}

  private:
    [[nodiscard]] task<bool> is_right(request const &rq, std::string_view user,
                                      std::string_view password) const override;

    std::string name_;
    std::string password_;
};

} // namespace phial
