// Passwords that were right a moment ago, so that not every request costs a hash.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <unordered_map>

namespace phial {

/// Keeps no password, only what a key that dies with the process makes of it. For one thread at a time, but for
/// key_of().
class remembered_logins {
  public:
    using clock = std::chrono::steady_clock;
    using key = std::array<unsigned char, 32>;

    /// Forgets after `time` without use, and what is nearest to that when there are to be more than `most`. Throws
    /// std::runtime_error when the system has no random numbers.
    explicit remembered_logins(clock::duration time, std::size_t most = 1024);
    ~remembered_logins();
    remembered_logins(remembered_logins const &) = delete;
    remembered_logins &operator=(remembered_logins const &) = delete;

    /// What stands for these three. The hash is one of them, so that what was right with an old hash is not remembered
    /// for a new one.
    [[nodiscard]] key key_of(std::string_view user, std::string_view hash, std::string_view password) const;

    /// Whether it was added, and used since, less than `time` ago; that is a use.
    [[nodiscard]] bool has(key const &login, clock::time_point now);
    void add(key const &login, clock::time_point now);

    [[nodiscard]] std::size_t size() const noexcept { return until_.size(); }

  private:
    // Keys are evenly spread already, and nobody outside can choose them.
    struct first_bytes {
        std::size_t operator()(key const &k) const noexcept {
            std::size_t n = 0;
            std::memcpy(&n, k.data(), sizeof n);
            return n;
        }
    };

    void make_room(clock::time_point now);

    std::size_t most_;
    clock::duration time_;
    std::array<unsigned char, 32> secret_{};
    std::unordered_map<key, clock::time_point, first_bytes> until_;
};

} // namespace phial
