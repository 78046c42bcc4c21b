// What the connections of one loop share: options, buffers, the date, the list of them. Private to the server.
#pragma once

#include "phial/server/connection.hpp"
#include "phial/server/server.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace phial {

using tcp_acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, executor>;

/// One loop's share of the server. Used on its thread only, except for the counts.
class server_loop {
  public:
    server_loop(loop &event_loop, server &owner);

    /// Accepts from `acceptor` until stop().
    void accept_from(tcp_acceptor acceptor);
    /// Serves a connection that was accepted.
    void serve(descriptor socket, boost::asio::ip::address peer);
    /// Serves a connection that has rested.
    void serve(std::unique_ptr<connection> c, boost::system::error_code waited) noexcept;

    /// See server::stop, which calls it once.
    void stop();
    /// Destroys the listener, and drops what connections wait for, after the loop has ended; connections may still be
    /// destroyed after that.
    void release() noexcept;
    /// Whether each response is the last of its connection.
    [[nodiscard]] bool stopping() const noexcept { return server_.stopping(); }
    /// Whether no more connections are accepted, and only requests already on their way are waited for.
    [[nodiscard]] bool draining() const noexcept { return drain_until_ != 0; }
    /// Whether the time for that is over: requests under way are cancelled.
    [[nodiscard]] bool giving_up() const noexcept { return giving_up_; }

    /// The sockets of its connections.
    [[nodiscard]] ready_set &sockets() noexcept { return sockets_; }
    [[nodiscard]] loop &event_loop() noexcept { return loop_; }
    [[nodiscard]] server_options const &options() const noexcept { return server_.options_; }
    [[nodiscard]] phial::app const &app() const noexcept { return server_.app_; }

    /// Whose requests are limited; null: nobody's.
    [[nodiscard]] clients *limited_clients() const noexcept { return limited_clients_; }
    /// Whether it is a trusted proxy.
    [[nodiscard]] bool trusts(boost::asio::ip::address const &peer) const noexcept {
        auto const *const proxies = options().context.proxies;
        return proxies != nullptr && proxies->contains(peer);
    }

    /// Seconds since the loop started: the clock of all deadlines.
    [[nodiscard]] unsigned now() const noexcept { return now_; }
    /// What each response has: "Server: phial\r\nDate: ...\r\n", as of the last tick, and Strict-Transport-Security if
    /// the client uses TLS (RFC 6797 7.2: not otherwise) and the response does not have it.
    [[nodiscard]] std::string const &common_fields(request const &rq, response const &rs) const noexcept {
        return secure_fields_.empty() || !is_secure(rq, rs) ? common_fields_ : secure_fields_;
    }

    /// Why a head that did not arrive in time is rejected.
    [[nodiscard]] std::string_view slow_head() const noexcept { return slow_head_; }

    void count(server_event e) noexcept { ++counts_[e]; }
    [[nodiscard]] basic_server_counts<counter> const &counts() const noexcept { return counts_; }

    /// The observer of this loop, or null.
    [[nodiscard]] observer *loop_observer() noexcept { return observer_.get(); }
    /// Makes the ids of requests and traces.
    [[nodiscard]] id_source &ids() noexcept { return ids_; }

    /// Idle connections as of the last tick. From any thread.
    [[nodiscard]] std::size_t idle_connections() const noexcept { return idle_.load(std::memory_order_relaxed); }

    /// Whether one more request may be under way.
    [[nodiscard]] bool has_room() const noexcept;
    [[nodiscard]] std::size_t requests_under_way() const noexcept { return under_way_.load(std::memory_order_relaxed); }

    /// Whether no connection is open.
    [[nodiscard]] bool is_empty() const noexcept { return connections_.empty(); }
    /// Called for a request without a body: its client waits for nothing but the response.
    void note_quick_request() noexcept { quick_until_ = now_ + 1; }
    /// Whether such a request came a moment ago, and more than one connection is open.
    [[nodiscard]] bool has_quick_requests() const noexcept { return now_ <= quick_until_ && connections_.size() > 1; }
    void change_requests_under_way(int delta) noexcept {
        under_way_.store(requests_under_way() + static_cast<std::size_t>(delta), std::memory_order_relaxed);
    }

    [[nodiscard]] std::unique_ptr<work_space> take_space();
    void give_back(std::unique_ptr<work_space> space) noexcept;

    /// False when there is no room for it, or its client has too many connections: then turn_away() serves it.
    [[nodiscard]] bool add(connection &c, bool client_admitted);
    void remove(connection &c) noexcept;

  private:
    task<> accept();
    [[nodiscard]] boost::system::error_code accept_some();
    task<> drain();
    task<> pause(std::chrono::milliseconds time);
    void rest(std::unique_ptr<connection> c) noexcept;
    void run(std::unique_ptr<connection> c, task<> life);
    void start(task<> work);
    void tick();
    void refresh_date();
    [[nodiscard]] static bool is_secure(request const &rq, response const &rs) noexcept;
    void end_when_empty();

    loop &loop_;
    server &server_;
    clients *const limited_clients_;
    std::optional<tcp_acceptor> acceptor_;
    ready_set sockets_;
    boost::intrusive::list<connection> connections_;
    std::vector<std::unique_ptr<work_space>> spaces_;
    std::string common_fields_;
    std::string secure_fields_; // the same with Strict-Transport-Security; empty: that is never sent
    std::string slow_head_;
    basic_server_counts<counter> counts_;
    std::unique_ptr<observer> observer_;
    id_source ids_;
    std::atomic<std::size_t> idle_ = 0;      // written by this loop
    std::atomic<std::size_t> under_way_ = 0; // written by this loop
    unsigned now_ = 0;
    unsigned quick_until_ = 0;
    unsigned drain_after_ = 0; // 0: no delay runs
    unsigned drain_until_ = 0; // 0: not yet
    bool accepting_ = true;
    bool requires_hops_ = false; // new handshakes are dropped by their hops
    bool giving_up_ = false;
    std::size_t alive_ = 0; // coroutines: accept() and drain()
};

} // namespace phial
