// Accepts connections, runs their clock, and drains them.
#include "phial/server/server_loop.hpp"

#include "phial/http/http_date.hpp"
#include "phial/runtime/timer.hpp"
#include "phial/text/concat.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <linux/filter.h>
#include <new>
#include <sys/socket.h>
#include <thread>

namespace phial {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using namespace std::chrono_literals;

// Work spaces that are kept for reuse: as many as a loop is likely to need at once.
constexpr std::size_t kept_spaces = 64;
// Time for handshakes that had begun when the server stopped.
constexpr auto handshake_time = 50ms;
// Time for cancelled requests to respond.
constexpr unsigned last_seconds = 2;

// Connections that are accepted in one turn.
constexpr int most_accepted = 16;

// Errors of accept that the next connection need not have: this one has gone (accept(2)).
bool concerns_one_client(error_code const &ec) {
    constexpr std::array known{ECONNABORTED, EINTR,        EPROTO,     ENETDOWN,   ENOPROTOOPT,
                               EHOSTDOWN,    EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH};
    return std::find(known.begin(), known.end(), ec.value()) != known.end();
}

// The socket drops packets that have fewer hops left than that (RFC 5082). False: it cannot.
bool require_hops(int socket, int hops) noexcept {
    bool const by_v4 = ::setsockopt(socket, IPPROTO_IP, IP_MINTTL, &hops, sizeof hops) == 0;
    bool const by_v6 = ::setsockopt(socket, IPPROTO_IPV6, IPV6_MINHOPCOUNT, &hops, sizeof hops) == 0;
    return by_v4 || by_v6;
}

// Closing a listener resets the connections in its backlog and those whose handshake is under way. So first a filter
// drops every new SYN; the client sends it again a second later, and it reaches the process that listens then. Where
// filters are forbidden, more hops are required than a packet has left, and true is returned: a connection whose
// handshake ends now requires them, too.
bool drop_new_handshakes(int listener) noexcept {
    constexpr std::uint16_t flags_offset = 13; // of the TCP header
    constexpr std::uint32_t syn = 0x02;
    constexpr std::uint32_t ack = 0x10;
    std::array<sock_filter, 5> program{{{BPF_LD | BPF_B | BPF_ABS, 0, 0, flags_offset},
                                        {BPF_ALU | BPF_AND | BPF_K, 0, 0, syn | ack},
                                        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, syn},
                                        {BPF_RET | BPF_K, 0, 0, 0},
                                        {BPF_RET | BPF_K, 0, 0, 0xFFFFFFFF}}};
    sock_fprog const filter{program.size(), program.data()};
    if (::setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0) return false;
    constexpr int most_hops = 255;
    return require_hops(listener, most_hops);
}

} // namespace

server_loop::server_loop(loop &event_loop, server &owner)
    : loop_(event_loop),
      server_(owner),
      limited_clients_(owner.options_.known_clients != nullptr && owner.options_.known_clients->limits_requests()
                           ? owner.options_.known_clients
                           : nullptr),
      sockets_(event_loop.get_executor()),
      slow_head_(concat("the header took longer than ", owner.options_.head_seconds, " s")),
      observer_(owner.observe_ ? owner.observe_() : nullptr) {
    spaces_.reserve(kept_spaces);
    refresh_date();
    loop_.on_tick([this] { tick(); });
}

void server_loop::accept_from(tcp_acceptor acceptor) {
    acceptor_.emplace(std::move(acceptor));
    acceptor_->native_non_blocking(true);
    start(accept());
}

task<> server_loop::accept() {
    while (accepting_) {
        bool shortage = false;
        try {
            auto const [ec] = co_await acceptor_->async_wait(tcp_acceptor::wait_read, as_values);
            if (ec) continue;
            auto const failure = accept_some();
            shortage = failure && failure != asio::error::would_block;
            if (shortage) co_await pause(100ms); // trying again at once would spin: a connection must end first
        } catch (std::bad_alloc const &) {
            // Not even a pause can be awaited without memory.
            if (shortage) std::this_thread::sleep_for(10ms);
        }
    }
}

// Accepts what waits in the backlog, as much as others can wait for. Returns why it has ended; would_block: nothing
// waits there.
error_code server_loop::accept_some() {
    for (int n = 0; n < most_accepted; ++n) {
        asio::ip::tcp::endpoint peer;
        auto size = static_cast<socklen_t>(peer.capacity());
        descriptor socket(::accept4(acceptor_->native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (socket.get() < 0) {
            error_code const ec(errno, boost::system::system_category());
            if (!concerns_one_client(ec)) return ec;
            continue;
        }
        peer.resize(size);
        if (requires_hops_) (void)require_hops(socket.get(), 0);
        serve(std::move(socket), peer.address());
    }
    return {};
}

void server_loop::serve(descriptor socket, asio::ip::address peer) {
    auto const is_low = options().memory_is_low;
    if (is_low != nullptr && is_low()) { // what is left is for open connections
        count(server_event::overload);
        return;
    }
    auto c = std::make_unique<connection>(std::move(socket), std::move(peer), *this);
    if (!c->has_place() && server_.turned_away() > options().turned_away) { // too many even for a 503
        count(server_event::overload);
        return;
    }
    if (c->has_place()) return rest(std::move(c));
    auto refusal = c->turn_away();
    run(std::move(c), std::move(refusal));
}

void server_loop::rest(std::unique_ptr<connection> c) noexcept {
    try {
        connection::rest(std::move(c));
    } catch (std::bad_alloc const &) { // the connection is closed
        count(server_event::overload);
        end_when_empty();
    }
}

void server_loop::serve(std::unique_ptr<connection> c, error_code waited) noexcept {
    try {
        auto life = c->serve(waited);
        run(std::move(c), std::move(life));
    } catch (std::bad_alloc const &) {
        count(server_event::overload);
        c.reset();
        end_when_empty();
    }
}

// Then the connection rests, or ends.
void server_loop::run(std::unique_ptr<connection> c, task<> life) {
    auto const slot = c->cancellation();
    auto ended = [this, c = std::move(c)](std::exception_ptr const &) mutable {
        if (c->rests()) return rest(std::move(c));
        c.reset(); // it outlives its coroutine, which is cancelled through it
        end_when_empty();
    };
    asio::co_spawn(loop_.get_executor(), std::move(life), asio::bind_cancellation_slot(slot, std::move(ended)));
}

void server_loop::start(task<> work) {
    ++alive_;
    asio::co_spawn(loop_.get_executor(), std::move(work), [this](std::exception_ptr const &) {
        --alive_;
        end_when_empty();
    });
}

task<> server_loop::pause(std::chrono::milliseconds time) {
    timer end(loop_.get_executor(), time);
    co_await end.async_wait(as_values);
}

void server_loop::stop() {
    if (options().drain_delay_seconds == 0) return start(drain());
    drain_after_ = now_ + options().drain_delay_seconds;
}

task<> server_loop::drain() {
    requires_hops_ = drop_new_handshakes(acceptor_->native_handle());
    try {
        co_await pause(handshake_time);
        accepting_ = false;
        while (!accept_some()) { // until nothing waits in the backlog
        }
    } catch (std::bad_alloc const &) { // NOLINT(bugprone-empty-catch): what waits there is reset
    }
    accepting_ = false;
    error_code ignored;
    acceptor_->close(ignored);
    drain_until_ = std::max(now_ + options().drain_seconds, 1U);
    for (auto &c : connections_) c.drain();
}

void server_loop::release() noexcept {
    acceptor_.reset();
    sockets_.close();
    if (observer_) observer_->tick();
}

void server_loop::tick() {
    ++now_;
    refresh_date();
    sockets_.tick();
    std::size_t idle = 0;
    for (auto &c : connections_) {
        c.tick();
        idle += c.is_idle() ? 1 : 0;
    }
    idle_.store(idle, std::memory_order_relaxed);
    if (observer_) observer_->tick();
    if (drain_after_ != 0 && now_ > drain_after_) {
        start(drain()); // without memory it throws, and the next tick tries again
        drain_after_ = 0;
    }
    if (drain_until_ == 0 || now_ <= drain_until_) return;
    if (giving_up_) return loop_.stop(); // something could not be cancelled
    giving_up_ = true;
    drain_until_ = now_ + last_seconds;
    for (auto &c : connections_) c.give_up();
}

void server_loop::refresh_date() {
    auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    auto const &name = options().name;
    common_fields_ = concat(name.empty() ? "" : concat("Server: ", name, "\r\n"), "Date: ", http_date(now), "\r\n");
    if (auto const &hsts = options().hsts.line(); !hsts.empty()) secure_fields_ = common_fields_ + hsts;
}

bool server_loop::is_secure(request const &rq, response const &rs) noexcept {
    return rq.scheme() == "https" && rs.get("Strict-Transport-Security").empty();
}

void server_loop::end_when_empty() {
    // Work in a pool for a request that was cancelled is not waited for: its disk may have stalled.
    if (stopping() && alive_ == 0 && is_empty()) loop_.stop();
}

bool server_loop::has_room() const noexcept {
    // The other loops are asked only when this one has a request under way: a request that ends at once takes no place.
    return requests_under_way() == 0 || server_.requests_under_way() < options().requests;
}

std::unique_ptr<work_space> server_loop::take_space() {
    if (spaces_.empty()) return std::make_unique<work_space>(options().context.limits);
    auto space = std::move(spaces_.back());
    spaces_.pop_back();
    return space;
}

void server_loop::give_back(std::unique_ptr<work_space> space) noexcept {
    space->current.end();
    space->in.restart({});
    space->out.drop();
    space->share.waited();
    if (spaces_.size() < kept_spaces) spaces_.push_back(std::move(space));
}

bool server_loop::add(connection &c, bool client_admitted) {
    bool const has_place = client_admitted && server_.add_connection();
    if (has_place) {
        count(server_event::connection);
    } else {
        server_.add_turned_away();
    }
    connections_.push_back(c);
    return has_place;
}

void server_loop::remove(connection &c) noexcept {
    connections_.erase(connections_.iterator_to(c));
    if (c.has_place())
        server_.remove_connection();
    else
        server_.remove_turned_away();
}

} // namespace phial
