// Users whose passwords are in an htpasswd file that may change while the service runs.
#pragma once

#include "phial/auth/htpasswd.hpp"
#include "phial/auth/login_cache.hpp"
#include "phial/auth/login_turns.hpp"
#include "phial/auth/users.hpp"
#include "phial/http/clients.hpp"
#include "phial/logging/logger.hpp"
#include "phial/runtime/worker_pool.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// Bounds on what checks cost.
struct htpasswd_limits {
    turn_limits turns = {}; // at_once: as many as `checks` has threads
    std::chrono::steady_clock::duration remembered = std::chrono::seconds(60);  // a right password, after its last use
    std::chrono::steady_clock::duration longest_look = std::chrono::seconds(5); // at the file; then an error is logged
};

/// Checks passwords against a table that may be replaced at any time. Thread-safe. The table is consulted first: a user
/// who was removed from it, or has a new hash there, is no longer remembered.
class password_checker {
  public:
    using clock = login_cache::clock;

    /// Remembers a right password for `time` after its last use.
    explicit password_checker(std::shared_ptr<htpasswd_table const> table,
                              clock::duration time = std::chrono::seconds(60));

    /// False when the new table equals the old one.
    bool replace(std::shared_ptr<htpasswd_table const> table);

    /// Whether this password is remembered as right, and the table has not changed for this user. Takes microseconds.
    [[nodiscard]] bool remembers(std::string_view user, std::string_view password);

    /// Whether the password is right; if so it is remembered. A remembered one costs no hash: another request may have
    /// had it checked a moment ago. Otherwise it occupies the thread for one hash, for unknown users as well.
    [[nodiscard]] bool is_right(std::string_view user, std::string_view password);

    /// The user whose credentials these are, as they were sent, if recognise() was called with them, the password is
    /// still remembered as right, and the table has not been replaced since.
    [[nodiscard]] std::optional<std::string> recall(std::string_view encoded);
    /// To be called when the password is right: it does nothing unless it is remembered.
    void recognise(std::string_view encoded, std::string_view user, std::string_view password);

    [[nodiscard]] std::size_t users() const { return table()->size(); }
    /// How many hashes were computed.
    [[nodiscard]] std::uint64_t hashes() const noexcept { return hashes_.load(std::memory_order_relaxed); }

  private:
    struct question {
        std::shared_ptr<htpasswd_table const> table; // owns the hash
        std::string_view hash;
        bool is_user;
        login_cache::key key;
    };

    [[nodiscard]] std::shared_ptr<htpasswd_table const> table() const;
    [[nodiscard]] question ask(std::string_view user, std::string_view password) const;
    [[nodiscard]] bool remembers(question const &q);

    // One mutex for all loops: it is held for look-ups in maps, never while a password's hash is computed.
    mutable std::mutex mutex_;
    std::shared_ptr<htpasswd_table const> table_;
    login_cache cache_;
    std::atomic<std::uint64_t> hashes_ = 0;
};

/// Hashes are computed on `checks`, a separate pool, so that a flood of wrong passwords delays no other work. Clients
/// take turns there (login_turns), and a client whose logins fail again and again has to wait between them
/// (clients::back_off). A remembered password waits for nothing. The file is read on `files`, where no check and no
/// upload is in the way: a user who was removed must not stay because another disk is stalled. Jobs on the pools own
/// what they need; `log`, `known`, `trail` and the pools outlive this and the jobs.
class htpasswd_users final : public users {
  public:
    /// `first` was read from `path`, and holds until the file changes. `trail` may be null (see users).
    htpasswd_users(std::string path, htpasswd_file first, worker_pool &checks, worker_pool &files, clients &known,
                   login_trail *trail, logger const &log, htpasswd_limits limits = {});

    /// To be called once a second, by one thread: has `files` look whether the file has changed, unless a look is under
    /// way. A changed file is read once it is the same in two looks. If it is right, it replaces the table; if not, an
    /// error is logged, once for each change and reason, and the previous table holds. A wrong file is read again every
    /// second, because the reason may have been temporary, such as too many open files. A look that takes too long is
    /// logged as an error, once.
    void look_again() noexcept;

    /// Rejects waiting checks with 503, at the end of the service. From any thread.
    void give_up() noexcept;

    /// How many checks wait for their turn. From any thread.
    [[nodiscard]] std::size_t waiting() const noexcept { return turns_.waiting(); }
    /// For how long the current look has lasted; zero when there is none. From any thread.
    [[nodiscard]] std::chrono::steady_clock::duration stalled_for() const noexcept;

    /// How many hashes were computed. From any thread.
    [[nodiscard]] std::uint64_t hashes() const noexcept { return checker_->hashes(); }

  private:
    class watch;

    /// Throws http_error with Retry-After: 429 when the client has to back off, 429 and 503 as login_turns::wait does.
    [[nodiscard]] task<bool> is_right(request const &rq, std::string_view user,
                                      std::string_view password) const override;
    [[nodiscard]] std::optional<std::string> recall(request const &rq, std::string_view encoded) const override;
    void recognise(std::string_view encoded, std::string_view user, std::string_view password) const override {
        checker_->recognise(encoded, user, password);
    }
    void refuse_while_it_backs_off(client_network who) const;

    worker_pool &checks_;
    worker_pool &files_;
    clients &clients_;
    login_turns turns_;
    std::shared_ptr<password_checker> checker_;
    std::shared_ptr<watch> watch_;
};

} // namespace phial
