// Turns for password checks: how many run at once, and which client is next.
#pragma once

#include "phial/http/client_network.hpp"
#include "phial/runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

namespace phial {

struct turn_limits {
    std::size_t at_once = 1;        // turns at a time: as many as there are threads for them
    std::size_t waiting = 256;      // checks waiting for a turn; above this limit: 503
    std::size_t of_one_client = 64; // of these, from one client; above this limit: 429
    std::chrono::steady_clock::duration longest_wait = std::chrono::seconds(10); // then: 503
};

/// A password check waits here for its turn. A client has one turn at a time, however many checks it sends. Turns
/// rotate among the user names, and for each name among the clients that try it. A client whose last login failed comes
/// after the others, as if it had come 128 turns later. When too many checks wait, the newest check of the client with
/// the most is rejected, so that a few clients cannot take all places. Thread-safe.
class login_turns {
    struct core;
    struct waiter;
    class place;

  public:
    explicit login_turns(turn_limits limits);

    /// A turn, until it is destroyed, on any thread. It may outlive login_turns.
    class turn {
      public:
        turn(turn &&) noexcept = default;
        turn &operator=(turn &&) = delete;
        ~turn();

        /// The password was wrong: further checks of this client come after those of others.
        void failed() noexcept { failed_ = true; }

      private:
        friend class login_turns;
        turn(std::shared_ptr<core> queue, client_network who) noexcept : queue_(std::move(queue)), who_(who) {}

        std::shared_ptr<core> queue_;
        client_network who_;
        bool failed_ = false;
    };

    /// Waits for a turn. `has_failed`: this client's last login failed. Throws http_error with Retry-After: 429 when
    /// this client has too many checks waiting, 503 when all clients together have, or when it waited too long.
    [[nodiscard]] task<turn> wait(client_network who, std::string_view user, bool has_failed) const;

    /// Rejects all waiting and future checks with 503.
    void close() noexcept;

    /// How many checks wait.
    [[nodiscard]] std::size_t waiting() const noexcept;

  private:
    [[nodiscard]] static task<turn> wait(std::shared_ptr<core> queue, client_network who, std::size_t user,
                                         bool has_failed);

    std::shared_ptr<core> core_;
};

} // namespace phial
