// What is known about each client: its connections, its requests and its failed logins. One table for the process.
#pragma once

#include "phial/http/client_network.hpp"
#include "phial/http/forwarded.hpp"

#include <boost/intrusive/list.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace phial {

struct client_limits {
    std::size_t connections = SIZE_MAX; // of one client at the same time
    unsigned rate = 0;                  // requests of one client, a second; 0: no limit
    std::size_t known = 65'536;         // clients in the table; above this limit the longest idle one is forgotten
};

/// Thread-safe; a call holds the lock only while it uses the table. A client without connections is kept only while
/// there is something to remember: failed logins, their records in this minute, a warning. After an idle hour it is
/// forgotten, and after a second if there is nothing but its rate of requests.
class clients {
  public:
    using clock = std::chrono::steady_clock;
    using time = clock::time_point;

    /// After this many failed logins in a row a client must wait: one second, doubled after each further failure, up to
    /// longest_back_off.
    static constexpr unsigned patience = 10;
    static constexpr std::chrono::seconds longest_back_off{60};

    /// `proxies`: networks of peers whose connections are not counted, because each peer has many clients. It outlives
    /// this.
    clients(client_limits limits, networks const &proxies);

    [[nodiscard]] client_limits const &limits() const noexcept { return limits_; }

    // Connections.

    enum class admission {
        counted,   // remove_connection must be called
        uncounted, // a trusted proxy, or the table is full of clients with connections
        refused    // the client has too many
    };
    [[nodiscard]] admission add_connection(boost::asio::ip::address const &peer, time now = clock::now());
    void remove_connection(client_network who, time now = clock::now()) noexcept;

    /// The number of rejected connections.
    [[nodiscard]] std::uint64_t refused_connections() const noexcept {
        return refused_.load(std::memory_order_relaxed);
    }

    // Requests: client_limits::rate, and at most as many at once.

    /// Whether there is such a limit. Takes no lock.
    [[nodiscard]] bool limits_requests() const noexcept { return limits_.rate != 0; }
    /// Counts a request, unless the client has sent too many: then it is false, and a second later at the latest the
    /// client may send again. Always true if the table is full of clients with connections: a client that is not known
    /// cannot be limited, and must not suffer for others.
    [[nodiscard]] bool admit_request(client_network who, time now = clock::now());

    /// A client that had something rejected.
    struct refused_client {
        enum class reason { connections, requests };
        client_network who;
        reason why;
    };
    /// Those for which it was the first time in an hour with that reason, since the last call; only the first few if
    /// there are many. Call it once a second.
    [[nodiscard]] std::vector<refused_client> take_refused(time now = clock::now());

    // Logins.

    /// Counts a failed login. Returns how many have failed in a row.
    unsigned login_failed(client_network who, time now = clock::now());
    /// A successful login: the number of failures in a row is 0 again.
    void login_succeeded(client_network who, time now = clock::now()) noexcept;
    /// How many logins have failed in a row.
    [[nodiscard]] unsigned failures(client_network who) const noexcept;
    /// Whether any client has failed logins. Takes no lock.
    [[nodiscard]] bool any_failures() const noexcept { return failing_.load(std::memory_order_relaxed) != 0; }
    /// How long the client must wait before its next login; zero: it need not wait.
    [[nodiscard]] clock::duration back_off(client_network who, time now = clock::now()) const noexcept;

    // Records of failed logins. At most most_reports_of_client a minute for one client and most_reports for all clients
    // are written. The others are counted; most_summaries is how many clients get a separate summary of them.

    static constexpr unsigned most_reports_of_client = 20;
    static constexpr unsigned most_reports = 600;
    static constexpr std::size_t most_summaries = 100;

    /// Whether a failed login gets a record. If not, it is counted.
    [[nodiscard]] bool may_report(client_network who, time now = clock::now());
    /// Counts a login that was rejected because the client has to wait, or has too many logins in progress.
    void login_refused(client_network who, time now = clock::now());

    struct unreported_logins {
        client_network who;
        std::uint64_t failed = 0;
        std::uint64_t refused = 0;
    };
    struct summary {
        std::vector<unreported_logins> each;
        unreported_logins others; // of all other clients together
        std::size_t clients = 0;  // how many other clients
    };
    /// The counts of logins without a record since the last call. Call it once a minute: it begins a new minute of
    /// records.
    [[nodiscard]] summary take_unreported();

    /// The number of clients in the table.
    [[nodiscard]] std::size_t size() const noexcept;

  private:
    struct entry : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
        client_network who;
        std::size_t connections = 0;
        unsigned failures = 0; // in a row
        unsigned minute = 0;   // in which `reported` was counted
        unsigned reported = 0; // records in that minute
        std::uint64_t unreported_failures = 0;
        std::uint64_t unreported_refusals = 0;
        time retry_at; // it must wait until then
        time used;     // the last time it was active
        // When its requests so far are paid for, at the rate allowed: the theoretical arrival time of the generic cell
        // rate algorithm.
        time paid_at;
        time warned;          // when it was reported for too many connections
        time warned_for_rate; // when it was reported for too many requests

        [[nodiscard]] bool has_unreported() const noexcept {
            return unreported_failures != 0 || unreported_refusals != 0;
        }
    };
    using table = std::map<client_network, entry>; // not a hash table: clients choose their addresses

    [[nodiscard]] entry *find(client_network who) noexcept;
    [[nodiscard]] entry const *find(client_network who) const noexcept;
    [[nodiscard]] entry *find_or_add(client_network who, time now);
    void settle(entry &e, time now) noexcept;
    void forget(entry &e) noexcept;
    void report_refused(entry const &e, time &warned, refused_client::reason why, time now);
    void forget_old(time now) noexcept;
    void set_failures(entry &e, unsigned n) noexcept;
    void count_unreported(entry *e, std::uint64_t failed, std::uint64_t refused) noexcept;

    client_limits limits_;
    networks const &proxies_;
    mutable std::mutex mutex_;
    table all_;
    // Clients without a connection; the one that was idle for longest is first.
    using entry_list = boost::intrusive::list<entry, boost::intrusive::constant_time_size<false>>;
    entry_list idle_;
    entry_list brief_;                   // as idle_, of those that have nothing but requests to remember
    clock::duration const request_time_; // between two requests at the rate allowed
    std::vector<refused_client> newly_refused_;
    std::vector<client_network> unreported_clients_;
    unreported_logins forgotten_; // counts of clients that are no longer in the table
    std::size_t forgotten_clients_ = 0;
    unsigned minute_ = 0;
    unsigned reported_ = 0; // records for all clients in this minute
    std::atomic<std::uint64_t> refused_ = 0;
    std::atomic<std::size_t> failing_ = 0; // clients with failures
};

/// Counts a connection of a client while it lives.
class client_place {
  public:
    /// `table` outlives this; null: no limit.
    client_place(clients *table, boost::asio::ip::address const &peer)
        : table_(table),
          who_(peer),
          admission_(table == nullptr ? clients::admission::uncounted : table->add_connection(peer)) {}
    ~client_place() { leave(); }
    client_place(client_place const &) = delete;
    client_place &operator=(client_place const &) = delete;

    /// The connection belongs to another client: one that its proxy has named.
    void change_to(boost::asio::ip::address const &client) {
        leave();
        who_ = client_network(client);
        admission_ = table_ == nullptr ? clients::admission::uncounted : table_->add_connection(client);
    }

    [[nodiscard]] bool refused() const noexcept { return admission_ == clients::admission::refused; }

  private:
    void leave() noexcept {
        if (std::exchange(admission_, clients::admission::uncounted) == clients::admission::counted)
            table_->remove_connection(who_);
    }

    clients *table_;
    client_network who_;
    clients::admission admission_;
};

} // namespace phial
