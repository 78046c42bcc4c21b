// The server: runs one handler on the wire, on every loop.
#pragma once

#include "http/handler.hpp"
#include "http/head_parser.hpp"
#include "http/request.hpp"
#include "runtime/loop.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

class server_loop;

/// What the server allows. Times are in whole seconds, kept by a tick a second: they end up to a second late.
struct server_options {
    std::string address = "127.0.0.1"; // IPv4 or IPv6; "::" serves IPv4 as well
    std::uint16_t port = 5000;         // 0: any free one
    service_traits traits;
    head_limits head;
    std::uint64_t body = 1ULL << 30;        // bytes; above: 413
    std::uint64_t dropped_body = 64 * 1024; // of a refused request, read so that the connection can go on
    unsigned idle_seconds = 60;             // between requests
    unsigned head_seconds = 10;             // from a head's first byte to its last: 408
    unsigned body_seconds = 30;             // without a byte of a body: 408
    unsigned write_seconds = 30;            // for an answer to be taken
    unsigned linger_seconds = 5;            // reading on behind a refusal
    std::uint64_t linger_bytes = 8 << 20;
    unsigned drain_seconds = 20; // for requests under way when the server stops
};

/// Answers what no handler gets to see: a malformed message, a limit passed, an unknown method. The request holds what
/// could be read of it. Called on the loop's thread; must not throw.
using refuser = std::function<response(request &, refusal const &)>;

/// Listens on every loop. Made while no loop runs; destroyed after the loops, whose connections use it.
class server {
  public:
    /// `app` is called from all loops at once. What it throws is answered barely, an http_error by its status, else
    /// 500: see handle_errors.
    server(loops &on, server_options options, handler app, refuser refuse);
    ~server();

    /// Binds and listens, before the loops run. Throws std::runtime_error with what to do about it.
    void listen();

    /// The port, after listen().
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// "http://127.0.0.1:5000", after listen().
    [[nodiscard]] std::string url() const;

    /// Stops: takes what waits in the backlog, then no more; closes idle connections, lets requests under way finish
    /// for drain_seconds. The loops end when the last connection has. From any thread.
    void stop();

    /// When the loops have ended, and before they are destroyed: lets go of what belongs to them.
    void release() noexcept;

  private:
    loops &loops_;
    server_options options_;
    handler app_;
    refuser refuse_;
    std::uint16_t port_ = 0;
    std::vector<std::unique_ptr<server_loop>> per_loop_;
};

} // namespace phial
