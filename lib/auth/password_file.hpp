// Users whose passwords are in a file that may change while the service runs.
#pragma once

#include "phial/auth/check_line.hpp"
#include "phial/auth/password_reading.hpp"
#include "phial/auth/users.hpp"
#include "phial/http/clients.hpp"
#include "phial/logging/logger.hpp"
#include "phial/runtime/worker_pool.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace phial {

/// What checks may cost.
struct password_limits {
    check_limits line = {}; // at_once: as many as `checks` has threads
    std::chrono::steady_clock::duration remembered = std::chrono::seconds(60);  // what was right, from its last use
    std::chrono::steady_clock::duration longest_look = std::chrono::seconds(5); // at the file; longer: an error logged
};

/// Hashes are made by `checks` alone, a pool of their own: nothing else waits for a flood of wrong passwords. Clients
/// take turns there (check_line), and one whose logins fail again and again has to wait between them
/// (clients::back_off). A remembered password waits for nothing. The file is looked at and read by `files`, where
/// neither a check nor an upload is in the way: who was removed is not to stay because another disk stands still. Jobs
/// on the pools keep what they need; `log`, `known` and the pools outlive this and the jobs.
class password_file final : public users {
  public:
    /// `first` is what was read from `path`, and holds until there is something new.
    password_file(std::string path, password_reading first, worker_pool &checks, worker_pool &files, clients &known,
                  logger const &log, password_limits limits = {});

    /// Throws http_error with Retry-After: 429 when the client backs off, 429 and 503 as check_line::wait does.
    task<bool> check(request const &rq, std::string_view user, std::string_view password) const override;

    /// To be called once a second, by one thread: has `files` look whether the file is another one than that which
    /// holds, unless it does so still. One that has not changed between two looks is read. If it is right, it holds
    /// from then on; if not, an error is logged, once for each change and reason, and what was read before still holds.
    /// A wrong one is read again every second: what stood in the way may have been ours, such as a lack of open files.
    /// A look that takes longer than it may is an error in the log, once.
    void look_again() noexcept;

    /// Answers checks that wait with 503: nobody waits for them any more. From any thread.
    void give_up() noexcept;

    /// Checks that wait for their turn. From any thread.
    [[nodiscard]] std::size_t waiting() const noexcept { return line_.waiting(); }
    /// How long the look that is under way has had no answer; zero when none is. From any thread.
    [[nodiscard]] std::chrono::steady_clock::duration stalled_for() const noexcept;

    /// How many hashes were made. From any thread.
    [[nodiscard]] std::uint64_t hashes() const noexcept;

  private:
    struct shared;
    class watch;

    void refuse_while_it_backs_off(client_network who) const;

    worker_pool &checks_;
    worker_pool &files_;
    clients &clients_;
    check_line line_;
    std::shared_ptr<shared> shared_;
    std::shared_ptr<watch> watch_;
};

} // namespace phial
