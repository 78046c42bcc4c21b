// A server in this process, on a free port of the loopback address, and a client that sends bytes.
#pragma once

#include "phial/http/handler.hpp"
#include "phial/server/server.hpp"
#include "phial/testing/waiting.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace phial::testing {

/// Serves an app on separate loops until it is destroyed; a handler alone with refusals as plain text. Time stands
/// still for it: seconds pass in pass(), pass_until() and wait().
class live_server {
  public:
    explicit live_server(app served, server_options options = {}, unsigned threads = 1);
    explicit live_server(handler respond, server_options options = {}, unsigned threads = 1);
    ~live_server();
    live_server(live_server const &) = delete;
    live_server &operator=(live_server const &) = delete;

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    /// Begins to stop, as SIGTERM does.
    void stop() { server_->stop(); }
    [[nodiscard]] server_counts counts() const { return server_->counts(); }
    [[nodiscard]] std::size_t requests_under_way() const { return server_->requests_under_way(); }
    [[nodiscard]] std::size_t open_connections() const { return server_->open_connections(); }
    [[nodiscard]] bool stopping() const { return server_->stopping(); }
    /// Waits until every loop has ended.
    void wait();

    /// Lets seconds pass. After each, what is due is done, and what has arrived is read.
    void pass(unsigned seconds);
    /// Lets seconds pass until `done()`, one each millisecond; false when it is not within forty real ones.
    template <class F>
    [[nodiscard]] bool pass_until(F done) {
        return wait_until([&] { return done() || (pass(1), false); });
    }

  private:
    std::optional<loops> loops_;
    std::unique_ptr<server> server_;
    std::atomic<bool> ended_ = false;
    std::jthread thread_;
};

/// A blocking client of a live_server, which sends and reads bytes. Reads give up after forty seconds with an
/// exception.
class client {
  public:
    explicit client(live_server const &server);

    /// False when the connection is broken.
    bool send(std::string_view bytes);
    /// No more will be sent.
    void shutdown_send();
    /// Goes away without a word.
    void reset();
    /// One response: head and body, by Content-Length or chunked (decoded). `head_only`: it answers HEAD.
    [[nodiscard]] std::string read_response(bool head_only = false);
    /// Everything up to the end of `text`; what follows is for the next read. Throws when the server closes before.
    [[nodiscard]] std::string read_until(std::string_view text);
    /// Whether the connection ends by a reset, whatever comes before.
    [[nodiscard]] bool is_reset();
    /// Everything until the server closes.
    [[nodiscard]] std::string read_all();

  private:
    bool read_some();

    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_;
    std::string buffer_;
};

/// What the server refuses, as plain text.
[[nodiscard]] task<response> refuse_plainly(request &rq);

/// What the server answers to these bytes, to its close.
[[nodiscard]] std::string talk(live_server const &server, std::string_view bytes);

/// The body of a response that read_response gave.
[[nodiscard]] std::string body_of(std::string const &response);
/// Whether a response begins with "HTTP/1.1 <status> ".
[[nodiscard]] bool has_status(std::string const &response, unsigned status);

} // namespace phial::testing
