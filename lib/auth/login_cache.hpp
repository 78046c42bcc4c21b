// Logins that were right a moment ago, so that not every request costs a hash.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <unordered_map>

namespace phial {

/// Keeps no password, only an HMAC of it with a key that ends with the process. For one thread at a time, except
/// key_of().
class login_cache {
  public:
    using clock = std::chrono::steady_clock;
    using key = std::array<unsigned char, 32>;

    /// Entries expire `time` after their last use. When `most` are held, the one closest to expiry is evicted. Throws
    /// std::runtime_error when the system has no random numbers.
    explicit login_cache(clock::duration time, std::size_t most = 1024);
    ~login_cache();
    login_cache(login_cache const &) = delete;
    login_cache &operator=(login_cache const &) = delete;

    /// The entry for these three. The hash is one of them, so that a password that was right with an old hash is not
    /// remembered with a new one.
    [[nodiscard]] key key_of(std::string_view user, std::string_view hash, std::string_view password) const;

    /// Whether the entry was added or used less than `time` ago. This counts as a use.
    [[nodiscard]] bool has(key const &login, clock::time_point now);
    void add(key const &login, clock::time_point now);

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

  private:
    // Keys are evenly distributed, and no client can choose them.
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
    std::unordered_map<key, clock::time_point, first_bytes> entries_;
};

} // namespace phial
