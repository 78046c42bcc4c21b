// The line of password checks: clients take turns.
#pragma once

#include "phial/http/client_network.hpp"
#include "phial/runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

namespace phial {

struct check_limits {
    std::size_t at_once = 1;        // turns: as many as there are threads for them
    std::size_t waiting = 256;      // for a turn; above: 503
    std::size_t of_one_client = 64; // of those; above: 429
    std::chrono::steady_clock::duration longest_wait = std::chrono::seconds(10); // longer: 503
};

/// Who wants to have a password checked waits here for its turn. A client has one turn at a time, however many checks
/// it sends. Turns go round: among the users who are asked for, and for each user among the clients who ask. A client
/// whose logins failed lately comes behind those whose did not, as if it had come 128 turns later. When too many wait,
/// the newest of the longest line is sent away, so that a few clients cannot fill the place of all. Thread-safe.
class check_line {
    struct core;
    struct waiter;
    class place;

  public:
    explicit check_line(check_limits limits);

    /// A turn, until it is destroyed. On any thread; it may outlive the line.
    class turn {
      public:
        turn(turn &&) noexcept = default;
        turn &operator=(turn &&) = delete;
        ~turn();

        /// The password was wrong: what this client has in the line comes behind others.
        void failed() noexcept { failed_ = true; }

      private:
        friend class check_line;
        turn(std::shared_ptr<core> of, client_network who) noexcept : of_(std::move(of)), who_(who) {}

        std::shared_ptr<core> of_;
        client_network who_;
        bool failed_ = false;
    };

    /// Waits for a turn. `has_failed`: so did this client's last login. Throws http_error with Retry-After: 429 when
    /// this client has too many checks in the line, 503 when all together have, or when it waited too long.
    [[nodiscard]] task<turn> wait(client_network who, std::string_view user, bool has_failed) const;

    /// Sends all away that wait or will come, with 503: nobody waits for them any more.
    void close() noexcept;

    /// How many wait.
    [[nodiscard]] std::size_t waiting() const noexcept;

  private:
    [[nodiscard]] static task<turn> wait(std::shared_ptr<core> in, client_network who, std::size_t user,
                                         bool has_failed);

    std::shared_ptr<core> core_;
};

} // namespace phial
