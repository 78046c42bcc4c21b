// Checks passwords against a table that may be replaced meanwhile.
#pragma once

#include "phial/auth/password_table.hpp"
#include "phial/auth/remembered_logins.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

namespace phial {

/// Thread-safe. The table is always looked at first: who is no longer in it, or has another hash, is not remembered.
class password_checker {
  public:
    using clock = remembered_logins::clock;

    /// Remembers what was right for `time` after its last use.
    explicit password_checker(std::shared_ptr<password_table const> table,
                              clock::duration time = std::chrono::seconds(60));

    /// False when it says what the table before said.
    bool replace(std::shared_ptr<password_table const> table);

    /// Whether this password was right lately and is still. Takes microseconds.
    [[nodiscard]] bool remembers(std::string_view user, std::string_view password);

    /// Whether it is right; then it is remembered. Looks whether it is remembered first: somebody may have asked the
    /// same a moment ago. Else it keeps the thread busy for a hash, and for one who is no user as well.
    [[nodiscard]] bool is_right(std::string_view user, std::string_view password);

    [[nodiscard]] std::size_t users() const { return table()->size(); }
    /// How many hashes were made.
    [[nodiscard]] std::uint64_t hashes() const noexcept { return hashes_.load(std::memory_order_relaxed); }

  private:
    struct question {
        std::shared_ptr<password_table const> of; // the hash is in it
        std::string_view hash;
        bool is_user;
        remembered_logins::key key;
    };

    [[nodiscard]] std::shared_ptr<password_table const> table() const;
    [[nodiscard]] question ask(std::string_view user, std::string_view password) const;
    [[nodiscard]] bool remembers(question const &q);

    // One for all loops, as it is held for a look into a map and never for a hash, neither a short one nor a long one.
    mutable std::mutex mutex_;
    std::shared_ptr<password_table const> table_;
    remembered_logins remembered_;
    std::atomic<std::uint64_t> hashes_ = 0;
};

} // namespace phial
