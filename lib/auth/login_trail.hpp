// The records of failed logins: who tried which name, never the password.
#pragma once

#include "phial/http/clients.hpp"
#include "phial/http/request.hpp"
#include "phial/logging/logger.hpp"

#include <string_view>

namespace phial {

/// A failed login is a record with the name that was tried and the client's address. One client gets some records a
/// minute (clients::told_of_one), and so do all together; of others the number is recorded when the minute is over, so
/// that nobody can push out what was recorded before. Thread-safe, but for tick().
class login_trail {
  public:
    /// The bytes of a name that are recorded.
    static constexpr std::size_t longest_name = 64;

    /// Both outlive this. Records are written whatever --log-level is.
    login_trail(log_sink &to, clients &known) noexcept : to_(to), known_(known) {}

    /// A name and a password that do not belong together.
    void failed(request const &rq, std::string_view user) noexcept;
    /// A login that was not looked at: its client backs off, or has too many under way.
    void refused(request const &rq) noexcept;

    /// To be called once a second, by one thread.
    void tick() noexcept;
    /// Records what was only counted so far.
    void summarise() noexcept;

  private:
    void write_summary(std::string_view who, clients::untold const &n);

    log_sink &to_;
    clients &known_;
    unsigned seconds_ = 0;
};

} // namespace phial
