// The server: runs one handler on the wire, on every loop.
#pragma once

#include "phial/http/clients.hpp"
#include "phial/http/handler.hpp"
#include "phial/http/request.hpp"
#include "phial/runtime/loop.hpp"
#include "phial/server/head_parser.hpp"
#include "phial/server/observer.hpp"
#include "phial/server/server_counts.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// What the server allows; what a message may hold is in traits.limits. Times are in whole seconds, kept by a tick a
/// second: they end up to a second late. A number of 0 means none at all, not no bound.
struct server_options {
    std::string name;                  // in the header field Server; empty: there is none
    std::string address = "127.0.0.1"; // IPv4 or IPv6; "::" serves IPv4 as well
    std::uint16_t port = 5000;         // 0: any free one
    service_traits traits;
    std::size_t connections = 10'000; // at once, on all loops; above: 503 with Retry-After
    clients *known_clients = nullptr; // bounds those of one client; outlives the server. Null: no bound
    std::size_t requests = 1024;    // at work on at once (a loop without work may begin one more): 503 with Retry-After
    unsigned idle_seconds = 60;     // between requests
    unsigned head_seconds = 10;     // from a head's first byte to its last: 408
    unsigned handler_seconds = 30;  // for a handler, from the last of the body that it read: 503
    std::uint64_t least_rate = 240; // bytes a second, of a body that comes (408) and of an answer that is taken
    unsigned body_grace_seconds = 5; // until least_rate holds
    // For what is held in memory, a body or a response: the least rate grows with its size.
    unsigned hold_seconds = 300;
    unsigned write_seconds = 30; // until least_rate holds, and for an answer that nothing is taken of
    // Reading on behind a last answer, so that the client can read it: until nothing came for that time, at most for
    // that time in all, and so many bytes.
    unsigned linger_seconds = 5;
    unsigned linger_whole_seconds = 30;
    std::uint64_t linger_bytes = 1ULL << 30;
    bool (*memory_is_low)() noexcept = nullptr; // then connections are turned away; null: it never is
    std::size_t turned_away = 256;    // connections above the bound that are answered at once: above, closed without it
    unsigned drain_delay_seconds = 0; // still accepting when the server stops
    unsigned drain_seconds = 20;      // for requests under way after that
};

/// Bytes a second that a client has to keep up while the service holds `held` bytes in memory for it.
[[nodiscard]] inline std::uint64_t least_rate(server_options const &o, std::uint64_t held) noexcept {
    return std::max<std::uint64_t>(o.least_rate, held / std::max(o.hold_seconds, 1U));
}
/// Why a server cannot listen. what() says where and why, without its end: what to do about it, the owner of the
/// settings knows.
class listen_error : public std::runtime_error {
  public:
    enum class reason {
        port_taken,
        port_forbidden, // to this user
        address,        // it is none of this machine's
        other           // nothing that another address or port would mend
    };
    listen_error(reason why, std::string const &what) : std::runtime_error(what), why_(why) {}
    [[nodiscard]] reason why() const noexcept { return why_; }

  private:
    reason why_;
};

class server_loop;

/// Listens on every loop. Made while no loop runs; destroyed after the loops, whose connections use it.
class server {
  public:
    /// `app` is called from all loops at once. What its handlers throw becomes a response without a page, an http_error
    /// one of its status, anything else a 500: see handle_errors.
    server(loops &on, server_options options, phial::app app, make_observer observe = {});
    ~server();

    /// Binds and listens, before the loops run. Throws listen_error.
    void listen();

    /// The port, after listen().
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// "http://127.0.0.1:5000", after listen().
    [[nodiscard]] std::string url() const;

    /// Stops. For drain_delay_seconds connections are still accepted, but each answer is its connection's last. Then
    /// what waits in the backlog is taken, no more comes in, idle connections are closed, and requests under way may
    /// finish for drain_seconds; what is left is cancelled (503). The loops end when the last connection has. From any
    /// thread; again is nothing.
    void stop();

    /// Whether listen() has returned. From any thread.
    [[nodiscard]] bool listening() const noexcept { return listening_.load(std::memory_order_acquire); }

    /// Whether stop() was called: not ready for new clients. From any thread.
    [[nodiscard]] bool stopping() const noexcept { return stopping_.load(std::memory_order_relaxed); }

    /// Sums over all loops; nothing before listen(). From any thread.
    [[nodiscard]] server_counts counts() const noexcept;

    /// Connections that are served now. From any thread.
    [[nodiscard]] std::size_t open_connections() const noexcept { return connections_.load(std::memory_order_relaxed); }
    /// Of those, as of the last tick, the ones that wait for a request; none before listen(). From any thread.
    [[nodiscard]] std::size_t idle_connections() const noexcept;

    /// Requests the service is at work on now; none before listen(). From any thread.
    [[nodiscard]] std::size_t requests_under_way() const noexcept;

    /// When the loops have ended, and before they are destroyed: lets go of what belongs to them.
    void release() noexcept;

  private:
    friend class server_loop;

    [[nodiscard]] bool add_connection() noexcept;
    void remove_connection() noexcept { connections_.fetch_sub(1, std::memory_order_relaxed); }
    // Those there is no room for, until they have ended.
    void add_turned_away() noexcept { turned_away_.fetch_add(1, std::memory_order_relaxed); }
    void remove_turned_away() noexcept { turned_away_.fetch_sub(1, std::memory_order_relaxed); }
    [[nodiscard]] std::size_t turned_away() const noexcept { return turned_away_.load(std::memory_order_relaxed); }

    loops &loops_;
    server_options options_;
    app app_;
    make_observer observe_;
    std::uint16_t port_ = 0;
    std::vector<std::unique_ptr<server_loop>> per_loop_;
    std::atomic<bool> listening_ = false;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::size_t> connections_ = 0;
    std::atomic<std::size_t> turned_away_ = 0;
};

} // namespace phial
