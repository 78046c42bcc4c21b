// What the connections of one loop share: options, buffers, the date, the list of them. Private to the server.
#pragma once

#include "http/connection.hpp"
#include "http/server.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace phial {

using tcp_acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, executor>;

/// One loop's share of the server. Used on its thread only.
class server_loop {
  public:
    server_loop(loop &on, server_options const &options, handler const &app, refuser const &refuse);

    /// Accepts from `acceptor` until stop().
    void accept_from(tcp_acceptor acceptor);

    /// See server::stop.
    void stop();
    /// Lets go of the listener when the loop has ended; connections may still be destroyed afterwards.
    void release() noexcept;
    [[nodiscard]] bool stopping() const noexcept { return stopping_; }

    [[nodiscard]] loop &on() noexcept { return loop_; }
    [[nodiscard]] server_options const &options() const noexcept { return options_; }
    [[nodiscard]] handler const &app() const noexcept { return app_; }
    [[nodiscard]] refuser const &refuse() const noexcept { return refuse_; }

    /// Seconds since the loop started: the clock of all deadlines.
    [[nodiscard]] unsigned now() const noexcept { return now_; }
    /// "Server: phial\r\nDate: ...\r\n", as of the last tick.
    [[nodiscard]] std::string const &common_fields() const noexcept { return common_fields_; }

    [[nodiscard]] std::unique_ptr<work_space> take_space();
    void give_back(std::unique_ptr<work_space> space) noexcept;

    void add(connection &c);
    void remove(connection &c) noexcept;

  private:
    task<> accept();
    void start(task<> life);
    void tick();
    void refresh_date();
    void end_when_empty();

    loop &loop_;
    server_options const &options_;
    handler const &app_;
    refuser const &refuse_;
    std::optional<tcp_acceptor> acceptor_;
    boost::intrusive::list<connection> connections_;
    std::vector<std::unique_ptr<work_space>> spaces_;
    std::string common_fields_;
    unsigned now_ = 0;
    unsigned drain_until_ = 0;
    bool stopping_ = false;
    std::size_t alive_ = 0; // coroutines: of connections, and the one that accepts them
};

} // namespace phial
