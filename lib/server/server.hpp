// The server: accepts connections on every loop, and calls one app for their requests.
#pragma once

#include "phial/http/clients.hpp"
#include "phial/http/handler.hpp"
#include "phial/http/request.hpp"
#include "phial/http/transport_security.hpp"
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
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// What the server allows; the limits of a message are in context.limits. Times are in whole seconds and checked once a
/// second: they end up to a second late. A limit of 0 allows nothing.
struct server_options {
    std::string name;                  // in the field Server; empty: no such field
    std::string address = "127.0.0.1"; // IPv4 or IPv6; "::" serves IPv4 as well
    std::uint16_t port = 5000;         // 0: any free one
    service_context context;
    std::size_t connections = 10'000; // at once, on all loops; above this: 503 with Retry-After
    bool proxy_protocol = false;      // connections of context.proxies begin with a PROXY header, or are closed
    // Limits connections and requests of one client; outlives the server. Null: no limit.
    clients *known_clients = nullptr;
    // Under way at once (a loop with none may begin one more); above this: 503 with Retry-After.
    std::size_t requests = 1024;
    unsigned idle_seconds = 60;      // between requests
    unsigned head_seconds = 10;      // from a head's first byte to its last; longer: 408
    unsigned handler_seconds = 30;   // for a handler, since it last read from the body; longer: 503
    std::uint64_t least_rate = 240;  // bytes a second, of a request's body (slower: 408) and of a response
    unsigned body_grace_seconds = 5; // until least_rate applies to a body
    // To receive a body, or to send a response, that is held in memory: the least rate grows with its size.
    unsigned hold_seconds = 300;
    unsigned write_seconds = 30; // until least_rate applies to a response, and the most without progress
    // After the last response the server reads on, so that the client can read that response: until nothing has come
    // for linger_seconds, at most linger_whole_seconds in all, and at most linger_bytes.
    unsigned linger_seconds = 5;
    unsigned linger_whole_seconds = 30;
    std::uint64_t linger_bytes = 1ULL << 30;
    transport_security hsts;                    // sent with responses whose request::scheme() is https
    bool (*memory_is_low)() noexcept = nullptr; // when true, new connections are closed; null: memory is never low
    // Connections above the limit that get a 503 at a time; further ones are closed without a response.
    std::size_t turned_away = 256;
    unsigned drain_delay_seconds = 0; // connections are still accepted for this time after stop()
    unsigned drain_seconds = 20;      // after that, for requests under way to finish
};

/// Bytes a second that a client must keep up while the service holds `held` bytes in memory for it.
[[nodiscard]] inline std::uint64_t least_rate(server_options const &o, std::uint64_t held) noexcept {
    return std::max<std::uint64_t>(o.least_rate, held / std::max(o.hold_seconds, 1U));
}
/// Why a server cannot listen. what() says where and why. What to do about it is for the caller, which knows the
/// settings.
class listen_error : public std::runtime_error {
  public:
    enum class reason {
        port_taken,
        port_forbidden, // to this user
        address,        // not one of this machine
        other           // another address or port would not help
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
    /// `app` is called from all loops at once. An http_error that it throws becomes a plain response with its status
    /// code, anything else a 500. handle_errors makes better ones.
    server(loops &event_loops, server_options options, phial::app app, make_observer observe = {});
    ~server();

    /// Binds and listens, before the loops run. Throws listen_error.
    void listen();

    /// The port, after listen().
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// "http://127.0.0.1:5000", after listen().
    [[nodiscard]] std::string url() const;

    /// For drain_delay_seconds connections are still accepted, but each response is the last of its connection. Then
    /// the server accepts what waits in the backlog and nothing after it, closes idle connections, and lets requests
    /// under way finish for drain_seconds; those left are cancelled (503). The loops end when the last connection has.
    /// From any thread; a second call does nothing.
    void stop();

    /// Whether listen() has returned. From any thread.
    [[nodiscard]] bool listening() const noexcept { return listening_.load(std::memory_order_acquire); }

    /// Whether stop() was called: not ready for new clients. From any thread.
    [[nodiscard]] bool stopping() const noexcept { return stopping_.stop_requested(); }

    /// Sums over all loops; all 0 before listen(). From any thread.
    [[nodiscard]] server_counts counts() const noexcept;

    /// Connections that are served now. From any thread.
    [[nodiscard]] std::size_t open_connections() const noexcept { return connections_.load(std::memory_order_relaxed); }
    /// Of those, as of the last tick, the ones that wait for a request; 0 before listen(). From any thread.
    [[nodiscard]] std::size_t idle_connections() const noexcept;

    /// Requests that the service works on now; 0 before listen(). From any thread.
    [[nodiscard]] std::size_t requests_under_way() const noexcept;

    /// Releases what belongs to the loops. To be called after they have ended and before they are destroyed.
    void release() noexcept;

  private:
    friend class server_loop;

    [[nodiscard]] bool add_connection() noexcept;
    void remove_connection() noexcept { connections_.fetch_sub(1, std::memory_order_relaxed); }
    // Connections that there is no room for, until they have ended.
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
    std::stop_source stopping_;
    std::atomic<std::size_t> connections_ = 0;
    std::atomic<std::size_t> turned_away_ = 0;
};

} // namespace phial
