// The records of failed logins: name and client, never the password.
#pragma once

#include "phial/http/clients.hpp"
#include "phial/http/request.hpp"
#include "phial/logging/logger.hpp"

#include <string_view>

namespace phial {

/// A failed login gives a record with the name that was tried and the client's address. The records of one client are
/// limited for each minute (clients::most_reports_of_client), and so are those of all clients together. Others are only
/// counted, and the count is recorded at the end of the minute. So a client cannot push earlier records out of the log.
/// Thread-safe, except tick().
class login_trail {
  public:
    /// Longer names are cut to this many bytes.
    static constexpr std::size_t longest_name = 64;

    /// Both outlive this. Records are written whatever the log's level is.
    login_trail(log_sink &sink, clients &known) noexcept : sink_(sink), known_(known) {}

    /// A wrong name or password.
    void failed(request const &rq, std::string_view user) noexcept;
    /// A login that was not checked: its client has to back off, or has too many logins under way.
    void refused(request const &rq) noexcept;

    /// To be called once a second, by one thread.
    void tick() noexcept;
    /// Records the counts so far.
    void summarise() noexcept;

  private:
    void write_summary(std::string_view who, clients::unreported_logins const &n);

    log_sink &sink_;
    clients &known_;
    unsigned seconds_ = 0;
};

} // namespace phial
