// What is known of each client: its connections and its failed logins. One table for the process.
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
#include <vector>

namespace phial {

struct client_limits {
    std::size_t connections = SIZE_MAX; // of one client at once
    std::size_t known = 65'536;         // clients in the table; above: the one idle for longest is forgotten
};

/// Thread-safe; its lock is held for a look into the table. A client without connections and without failed logins is
/// in no table, and one that did nothing for an hour is forgotten.
class clients {
  public:
    using clock = std::chrono::steady_clock;
    using time = clock::time_point;

    /// From this failed login in a row on a client has to wait: a second, after each further one twice as long.
    static constexpr unsigned patience = 10;
    static constexpr std::chrono::seconds longest_back_off{60};

    /// `proxies`: networks of peers whose connections are not counted, since they are those of many clients. It
    /// outlives this.
    clients(client_limits limits, networks const &proxies);

    // Connections.

    enum class admission {
        counted,   // remove_connection is to be called
        uncounted, // a proxy, or a table that is full of clients with connections
        refused    // it has too many
    };
    [[nodiscard]] admission add_connection(boost::asio::ip::address const &peer, time now = clock::now());
    void remove_connection(client_network who, time now = clock::now()) noexcept;

    /// How many connections were refused.
    [[nodiscard]] std::uint64_t refused_connections() const noexcept {
        return refused_.load(std::memory_order_relaxed);
    }
    /// Clients that had a connection refused for the first time in an hour, since this was last asked; a few of them
    /// when they are many. To be called once a second.
    [[nodiscard]] std::vector<client_network> take_refused();

    // Logins.

    /// Counts a failed login. Returns how many these are in a row.
    unsigned login_failed(client_network who, time now = clock::now());
    /// A right login: the row has ended.
    void login_succeeded(client_network who, time now = clock::now()) noexcept;
    /// How many logins have failed in a row.
    [[nodiscard]] unsigned failures(client_network who) const noexcept;
    /// Whether anybody's have. Takes no lock.
    [[nodiscard]] bool any_failures() const noexcept { return failing_.load(std::memory_order_relaxed) != 0; }
    /// How long the client has to wait before it may try again; zero: not at all.
    [[nodiscard]] clock::duration back_off(client_network who, time now = clock::now()) const noexcept;

    // Records of failed logins: so many a minute for one client and for all together, others are counted only.

    static constexpr unsigned told_of_one = 20;
    static constexpr unsigned told_of_all = 600;
    static constexpr std::size_t told_summaries = 100;

    /// Whether a failed login gets a record of its own. If not, it is counted.
    [[nodiscard]] bool may_tell(client_network who, time now = clock::now());
    /// Counts a login that was refused because the client backs off, or has too many under way.
    void login_refused(client_network who, time now = clock::now());

    struct untold {
        client_network who;
        std::uint64_t failed = 0;
        std::uint64_t refused = 0;
    };
    struct summary {
        std::vector<untold> each;
        untold others;           // of all others together
        std::size_t clients = 0; // how many those are
    };
    /// What was only counted since this was last asked; to be called once a minute, when a new minute of records
    /// begins.
    [[nodiscard]] summary take_untold();

    /// Clients in the table.
    [[nodiscard]] std::size_t size() const noexcept;

  private:
    struct entry : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
        client_network who;
        std::size_t connections = 0;
        unsigned failures = 0; // in a row
        unsigned minute = 0;   // of `told`
        unsigned told = 0;     // records in that minute
        std::uint64_t untold_failures = 0;
        std::uint64_t untold_refusals = 0;
        time until;  // it backs off
        time used;   // for the last time
        time warned; // that it has too many connections

        [[nodiscard]] bool has_untold() const noexcept { return untold_failures != 0 || untold_refusals != 0; }
    };
    using table = std::map<client_network, entry>; // not hashed: clients choose their addresses

    [[nodiscard]] entry *find(client_network who) noexcept;
    [[nodiscard]] entry const *find(client_network who) const noexcept;
    [[nodiscard]] entry *find_or_add(client_network who, time now);
    void settle(entry &e, time now) noexcept;
    void forget(entry &e) noexcept;
    void forget_old(time now) noexcept;
    void set_failures(entry &e, unsigned n) noexcept;
    void count_untold(entry *e, std::uint64_t failed, std::uint64_t refused) noexcept;

    client_limits limits_;
    networks const &proxies_;
    mutable std::mutex mutex_;
    table all_;
    // Those without a connection, the one idle for longest first.
    boost::intrusive::list<entry, boost::intrusive::constant_time_size<false>> idle_;
    std::vector<client_network> newly_refused_;
    std::vector<client_network> with_untold_;
    untold forgotten_; // of clients that are no longer in the table
    std::size_t forgotten_clients_ = 0;
    unsigned minute_ = 0;
    unsigned told_ = 0; // records of all in this minute
    std::atomic<std::uint64_t> refused_ = 0;
    std::atomic<std::size_t> failing_ = 0; // clients with failures
};

/// A connection's place among those of its client.
class client_place {
  public:
    /// `in` outlives this; null: there is no bound.
    client_place(clients *in, boost::asio::ip::address const &peer)
        : in_(in),
          who_(peer),
          admission_(in == nullptr ? clients::admission::uncounted : in->add_connection(peer)) {}
    ~client_place() {
        if (admission_ == clients::admission::counted) in_->remove_connection(who_);
    }
    client_place(client_place const &) = delete;
    client_place &operator=(client_place const &) = delete;

    [[nodiscard]] bool refused() const noexcept { return admission_ == clients::admission::refused; }

  private:
    clients *in_;
    client_network who_;
    clients::admission admission_;
};

} // namespace phial
