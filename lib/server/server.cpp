// Binds one listener for each loop, all on the same port (SO_REUSEPORT).
#include "phial/server/server.hpp"

#include "phial/server/server_loop.hpp"
#include "phial/text/concat.hpp"

#include <boost/asio/detail/socket_option.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

#include <netinet/tcp.h>
#include <system_error>

namespace phial {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

using unsent = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;

constexpr int backlog = 4096;
// Bytes of a response that the kernel takes before the client is ready for them. The rest waits in the server, which
// notices a client that takes nothing. Without this limit the kernel would take megabytes.
constexpr int most_unsent = 128 * 1024;

listen_error::reason reason_of(error_code const &ec) noexcept {
    if (ec == asio::error::address_in_use) return listen_error::reason::port_taken;
    if (ec == asio::error::access_denied) return listen_error::reason::port_forbidden;
    bool const address = ec == std::errc::address_not_available || ec == asio::error::address_family_not_supported ||
                         ec == asio::error::invalid_argument; // a link-local one without its interface
    return address ? listen_error::reason::address : listen_error::reason::other;
}

[[noreturn]] void fail(std::string const &address, unsigned port, error_code const &ec) {
    auto const why = reason_of(ec);
    throw listen_error(
        why, concat("cannot listen on ", address, " port ", port, ": ",
                    why == listen_error::reason::port_taken ? "another program already listens there" : ec.message()));
}

} // namespace

server::server(loops &event_loops, server_options options, phial::app app, make_observer observe)
    : loops_(event_loops),
      options_(std::move(options)),
      app_(std::move(app)),
      observe_(std::move(observe)) {
    options_.context.stopping = stopping_.get_token();
}

server::~server() = default;

void server::listen() {
    auto const address = asio::ip::make_address(options_.address);
    port_ = options_.port;
    std::vector<tcp_acceptor> acceptors;
    for (std::size_t i = 0; i < loops_.size(); ++i) {
        tcp_acceptor acceptor(loops_[i].get_executor());
        tcp::endpoint const endpoint(address, port_);
        error_code ec;
        acceptor.open(endpoint.protocol(), ec);
        if (!ec) acceptor.set_option(tcp_acceptor::reuse_address(true), ec);
        if (!ec && address.is_v6()) acceptor.set_option(asio::ip::v6_only(false), ec);
        // The loops of this process share the port; a second process must not. So the first listener is bound without
        // the option: binding fails when another process has the port.
        if (!ec && i > 0) acceptor.set_option(reuse_port(true), ec);
        if (!ec) acceptor.bind(endpoint, ec);
        if (!ec && i == 0 && loops_.size() > 1) acceptor.set_option(reuse_port(true), ec);
        if (!ec) acceptor.set_option(unsent(most_unsent), ec); // connections inherit it
        if (ec) fail(options_.address, port_, ec);
        port_ = acceptor.local_endpoint().port();
        acceptors.push_back(std::move(acceptor));
    }
    if (options_.context.host.empty()) options_.context.host = url().substr(sizeof "http://" - 1);
    for (std::size_t i = 0; i < acceptors.size(); ++i) {
        error_code ec;
        acceptors[i].listen(backlog, ec);
        if (ec) fail(options_.address, port_, ec);
        per_loop_.push_back(std::make_unique<server_loop>(loops_[i], *this));
        per_loop_.back()->accept_from(std::move(acceptors[i]));
    }
    listening_.store(true, std::memory_order_release);
}

std::string server::url() const {
    bool const v6 = options_.address.find(':') != std::string::npos;
    return "http://" + (v6 ? '[' + options_.address + ']' : options_.address) + ':' + std::to_string(port_);
}

void server::release() noexcept {
    for (auto &l : per_loop_) l->release();
}

void server::stop() {
    if (!stopping_.request_stop()) return;
    for (auto &l : per_loop_) asio::post(l->event_loop().get_executor(), [loop = l.get()] { loop->stop(); });
}

server_counts server::counts() const noexcept {
    server_counts sum;
    if (!listening()) return sum;
    for (auto const &l : per_loop_) {
        auto const &c = l->counts();
        for (auto const &row : server_events) sum[row.event] += c[row.event].value();
    }
    return sum;
}

bool server::add_connection() noexcept {
    if (connections_.fetch_add(1, std::memory_order_relaxed) < options_.connections) return true;
    remove_connection();
    return false;
}

std::size_t server::idle_connections() const noexcept {
    if (!listening()) return 0;
    std::size_t n = 0;
    for (auto const &l : per_loop_) n += l->idle_connections();
    return n;
}

std::size_t server::requests_under_way() const noexcept {
    if (!listening()) return 0;
    std::size_t n = 0;
    for (auto const &l : per_loop_) n += l->requests_under_way();
    return n;
}

} // namespace phial
