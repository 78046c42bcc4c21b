#include "phial/testing/live_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <cerrno>
#include <future>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>

namespace phial::testing {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// In so many turns a loop has done what became due in one of them.
constexpr int turns = 10;

void turn(loop &l, int times, std::shared_ptr<std::promise<void>> const &done) {
    if (times == 0) return done->set_value();
    asio::post(l.get_executor(), [&l, times, done] { turn(l, times - 1, done); });
}

std::string field_of(std::string_view head, std::string_view name) {
    auto const position = head.find("\r\n" + std::string(name) + ": ");
    if (position == head.npos) return {};
    auto const begin = position + name.size() + 4;
    return std::string(head.substr(begin, head.find("\r\n", begin) - begin));
}

} // namespace

task<response> refuse_plainly(request &rq) {
    auto const [status, reason] = rq.notes.refused;
    co_return text(reason).status(status);
}

live_server::live_server(handler respond, server_options options, unsigned threads)
    : live_server(app{std::move(respond), refuse_plainly}, std::move(options), threads) {}

live_server::live_server(app served, server_options options, unsigned threads) : loops_(std::in_place, threads, 24h) {
    options.port = 0;
    server_ = std::make_unique<server>(*loops_, std::move(options), std::move(served));
    server_->listen();
    thread_ = std::jthread([this] {
        loops_->run();
        ended_ = true;
    });
}

live_server::~live_server() {
    if (thread_.joinable()) {
        server_->stop();
        wait();
    }
    server_->release();
    loops_.reset();
}

void live_server::wait() {
    (void)pass_until([this] { return ended_.load(); });
    thread_.join();
}

void live_server::pass(unsigned seconds) {
    for (; seconds > 0; --seconds) {
        for (std::size_t i = 0; i < loops_->size(); ++i) {
            auto &l = (*loops_)[i];
            auto const done = std::make_shared<std::promise<void>>();
            auto const passed = done->get_future();
            asio::post(l.get_executor(), [&l, done] {
                l.tick();
                turn(l, turns, done);
            });
            while (passed.wait_for(1ms) != std::future_status::ready && !l.context().stopped()) {
            }
        }
    }
}

client::client(live_server const &server) : socket_(context_) {
    socket_.connect({asio::ip::address_v4::loopback(), server.port()});
    socket_.set_option(asio::ip::tcp::no_delay(true));
    timeval const limit{40, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

bool client::send(std::string_view bytes) {
    boost::system::error_code failed; // the server may have closed already; what it said shows in the answer
    asio::write(socket_, asio::buffer(bytes.data(), bytes.size()), failed);
    return !failed;
}

void client::reset() {
    socket_.set_option(boost::asio::socket_base::linger(true, 0));
    socket_.close();
}

void client::shutdown_send() { socket_.shutdown(asio::socket_base::shutdown_send); }

bool client::read_some() {
    char bytes[16384];
    auto const n = ::recv(socket_.native_handle(), bytes, sizeof bytes, 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("no answer for forty seconds");
    if (n <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(n));
    return true;
}

std::string client::read_response(bool head_only) {
    auto const need = [this](auto have) {
        while (!have())
            if (!read_some()) throw std::runtime_error("closed in the middle of an answer: " + buffer_);
    };
    need([this] { return buffer_.find("\r\n\r\n") != buffer_.npos; });
    auto head = buffer_.substr(0, buffer_.find("\r\n\r\n") + 4);
    buffer_.erase(0, head.size());
    if (head_only) return head;
    if (field_of(head, "Transfer-Encoding") == "chunked") {
        std::string body;
        for (;;) {
            need([this] { return buffer_.find("\r\n") != buffer_.npos; });
            auto const size = std::stoul(buffer_, nullptr, 16);
            buffer_.erase(0, buffer_.find("\r\n") + 2);
            need([this, size] { return buffer_.size() >= size + 2; });
            body += buffer_.substr(0, size);
            if (buffer_.compare(size, 2, "\r\n") != 0) throw std::runtime_error("a chunk does not end with CR LF");
            buffer_.erase(0, size + 2);
            if (size == 0) return head + body;
        }
    }
    auto const length = field_of(head, "Content-Length");
    auto const size = length.empty() ? 0 : std::stoul(length);
    need([this, size] { return buffer_.size() >= size; });
    auto const body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return head + body;
}

std::string client::read_until(std::string_view text) {
    while (buffer_.find(text) == buffer_.npos)
        if (!read_some()) throw std::runtime_error("closed before it came: " + buffer_);
    auto const end = buffer_.find(text) + text.size();
    auto all = buffer_.substr(0, end);
    buffer_.erase(0, end);
    return all;
}

bool client::is_reset() {
    do errno = 0;
    while (read_some());
    return errno == ECONNRESET;
}

std::string client::read_all() {
    while (read_some()) {
    }
    return std::exchange(buffer_, {});
}

std::string talk(live_server const &server, std::string_view bytes) {
    client c(server);
    c.send(bytes);
    return c.read_all();
}

std::string body_of(std::string const &response) {
    auto const end = response.find("\r\n\r\n");
    return end == response.npos ? std::string() : response.substr(end + 4);
}

bool has_status(std::string const &response, unsigned status) {
    return response.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
}

} // namespace phial::testing
