// Accepts connections, keeps their clock, and lets them end.
#include "http/server_loop.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>

#include <ctime>

namespace phial {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr asio::as_tuple_t<std::remove_const_t<decltype(use_task)>> as_values{use_task};

// As many work spaces are kept for reuse as a loop is likely to need at once.
constexpr std::size_t kept_spaces = 64;

} // namespace

server_loop::server_loop(loop &on, server_options const &options, handler const &app, refuser const &refuse)
    : loop_(on),
      options_(options),
      app_(app),
      refuse_(refuse) {
    spaces_.reserve(kept_spaces);
    refresh_date();
    loop_.on_tick([this] { tick(); });
}

void server_loop::accept_from(tcp_acceptor acceptor) {
    acceptor_.emplace(std::move(acceptor));
    start(accept());
}

task<> server_loop::accept() {
    while (!stopping_) {
        tcp_socket socket(loop_.get_executor());
        auto const [ec] = co_await acceptor_->async_accept(socket, as_values);
        if (!ec) {
            start(connection::serve(std::move(socket), *this));
        } else if (ec == asio::error::no_descriptors || ec == error_code(ENFILE, boost::system::system_category()) ||
                   ec == asio::error::no_buffer_space || ec == asio::error::no_memory) {
            // Trying again at once would spin: a connection has to end first.
            asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                       executor>
                pause(loop_.get_executor(), std::chrono::milliseconds(100));
            co_await pause.async_wait(as_values);
        }
    }
}

void server_loop::start(task<> life) {
    ++alive_;
    asio::co_spawn(loop_.get_executor(), std::move(life), [this](std::exception_ptr const &) {
        --alive_;
        end_when_empty();
    });
}

void server_loop::stop() {
    if (stopping_) return;
    stopping_ = true;
    drain_until_ = now_ + options_.drain_seconds;
    // Closing a listener resets what waits in its backlog, so that is taken first.
    error_code ec;
    acceptor_->non_blocking(true, ec);
    for (;;) {
        tcp_socket socket(loop_.get_executor());
        acceptor_->accept(socket, ec);
        if (ec) break;
        start(connection::serve(std::move(socket), *this));
    }
    acceptor_->close(ec);
    for (auto &c : connections_) c.close_if_idle();
}

void server_loop::release() noexcept { acceptor_.reset(); }

void server_loop::tick() {
    ++now_;
    refresh_date();
    for (auto &c : connections_) c.check_deadline();
    if (stopping_ && now_ > drain_until_) loop_.stop();
}

void server_loop::refresh_date() {
    std::time_t const now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[80];
    auto const n = std::strftime(text, sizeof text, "Server: phial\r\nDate: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
    common_fields_.assign(text, n);
}

void server_loop::end_when_empty() {
    if (stopping_ && alive_ == 0) loop_.finish();
}

std::unique_ptr<work_space> server_loop::take_space() {
    if (spaces_.empty()) return std::make_unique<work_space>(options_.head);
    auto space = std::move(spaces_.back());
    spaces_.pop_back();
    return space;
}

void server_loop::give_back(std::unique_ptr<work_space> space) noexcept {
    space->rq.reset();
    space->out.clear();
    if (spaces_.size() < kept_spaces) spaces_.push_back(std::move(space));
}

void server_loop::add(connection &c) { connections_.push_back(c); }

void server_loop::remove(connection &c) noexcept { connections_.erase(connections_.iterator_to(c)); }

} // namespace phial
