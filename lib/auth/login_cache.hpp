// Logins that were right a moment ago, so that not every request costs a hash.
#pragma once

#include "phial/auth/siphash.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace phial {

/// Keeps no password, only its SipHash with a random key that ends with the process. Without the key it is not possible
/// to find another password with the same hash. An attacker who can read the memory has the key and can try passwords
/// quickly; HMAC-SHA256 would not prevent that either. For one thread at a time, except key_of().
class login_cache {
  public:
    using clock = std::chrono::steady_clock;
    using key = siphash::digest;

    /// Entries expire `time` after their last use. When `most` are held, the one closest to expiry is evicted. Throws
    /// std::runtime_error when the system has no random numbers.
    explicit login_cache(clock::duration time, std::size_t most = 1024);
    ~login_cache();
    login_cache(login_cache const &) = delete;
    login_cache &operator=(login_cache const &) = delete;

    /// The entry for these three. The hash is one of them, so that a password that was right with an old hash is not
    /// remembered with a new one.
    [[nodiscard]] key key_of(std::string_view user, std::string_view hash, std::string_view password) const noexcept;

    /// Whether the entry was added or used less than `time` ago. This counts as a use.
    [[nodiscard]] bool has(key const &login, clock::time_point now);
    void add(key const &login, clock::time_point now);

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

    // Logins as clients send them, so that one that is remembered need not be decoded.

    /// Of credentials as they are sent. For any thread, like the other one.
    [[nodiscard]] key key_of(std::string_view encoded) const noexcept;
    /// From now on this is the text of that user's login, until unlink_all().
    void link(key const &encoded, std::string_view user, key const &login);
    /// To be called when hashes of users change: a text does not tell for which hash it was right.
    void unlink_all() noexcept { links_.clear(); }
    /// The user whose login has this text, if has(login); else null. Valid until the next call of another function.
    [[nodiscard]] std::string const *user_of(key const &encoded, clock::time_point now);

  private:
    // Keys are evenly distributed, and no client can choose them.
    struct first_word {
        std::size_t operator()(key const &k) const noexcept { return k[0]; }
    };

    struct linked {
        std::string user;
        key login;
    };

    void make_room(clock::time_point now);

    std::size_t most_;
    clock::duration time_;
    siphash::key secret_{};
    std::unordered_map<key, clock::time_point, first_word> entries_;
    std::unordered_map<key, linked, first_word> links_; // maybe of logins that are forgotten
};

} // namespace phial
