// What a connection reads after a head: the body of a request, and what is dropped after the last response.
#include "phial/server/connection.hpp"

#include "phial/http/http_error.hpp"
#include "phial/server/server_loop.hpp"
#include "phial/text/concat.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace phial {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Bytes that are dropped in one read.
constexpr std::size_t dropping_read = 64 * 1024;
// After a rejection this many bytes more than the body's announced length are read: what was sent along with it.
constexpr std::uint64_t surplus_bytes = 64 * 1024;
// A connection that was turned away may take this long to end: it is one more than there is room for.
constexpr unsigned turned_away_seconds = 2;

} // namespace

// A client that sends as fast as the server reads would keep the loop for itself.
task<> connection::let_others_run(loop_share &share) {
    share.shared();
    co_await asio::post(use_task);
}

// Bytes to read before others run.
std::size_t connection::turn(loop_share const &share) const noexcept { return share.turn(owner_.has_quick_requests()); }

task<std::size_t> connection::read_more(bool send_continue, std::span<char> room, std::size_t most) {
    if (send_continue) space_->out += "HTTP/1.1 100 Continue\r\n\r\n";
    if (!try_write()) co_await write();
    auto &in = space_->in;
    auto &share = space_->share;
    in.make_room();
    for (;;) {
        if (is_broken()) throw http_error(400, "The connection broke before the body's end.");
        auto const previous_size = in.size();
        auto const turn_bytes = room.empty() ? std::min(turn(share), loop_share::decoding_turn) : turn(share);
        auto const here = room.first(std::min(turn_bytes, room.size()));
        std::size_t in_room = 0;
        auto const result = read(here, here.size() < room.size() ? 0 : std::min(turn_bytes, most), in_room);
        if (result == got::bytes) {
            auto const n = in_room + in.size() - previous_size;
            space_->current.body_pace.moved(n);
            patience_.prolong_handler();
            share.moved(n);
            if (share.has_used_up(turn_bytes)) co_await let_others_run(share);
            space_->current.received += in_room;
            co_return in_room;
        }
        if (result == got::end) throw http_error(400, "The body ended before its announced length.");
        auto const waited_for = change_to(wait::body);
        auto const [ec] = co_await socket_.async_wait(transport::wait_type::read, as_values);
        (void)change_to(waited_for);
        share.waited();
        if (patience_.has_run_out()) {
            if (owner_.giving_up()) throw http_error(503, concat("Service Unavailable: ", stopping, "."));
            owner_.count(server_event::slow_body);
            throw http_error(
                408, concat("The body came more slowly than ", space_->current.body_pace.rate(), " bytes a second."));
        }
        if (ec) throw http_error(400, "The connection broke before the body's end.");
    }
}

// Closing while the client still sends makes the kernel reset the connection, and the client loses the response. So
// only our side is closed, and what comes is dropped until the client closes its side, pauses too long, or has used up
// its time or bytes. When the service stops, a client that continues to send has no more time than one that pauses.
task<> connection::linger() {
    socket_.end_sending();
    auto left = bytes_to_linger();
    if (space_) owner_.give_back(std::move(space_));
    auto const &options = owner_.options();
    auto const end = owner_.now() + (has_place_ ? options.linger_whole_seconds : turned_away_seconds);
    auto const go_on = [&] { patience_.wait_for_silence(std::min(owner_.now() + options.linger_seconds, end)); };
    go_on();
    loop_share share;
    while (left > 0 && !patience_.has_run_out()) {
        auto const result = drop_some(left, share);
        if (result == got::end) break;
        if (result == got::bytes) {
            if (!owner_.draining()) go_on();
            if (share.has_used_up(turn(share))) co_await let_others_run(share);
        } else {
            auto const [failed] = co_await socket_.async_wait(transport::wait_type::read, as_values);
            if (failed) break;
            share.waited();
        }
    }
}

// Not much more than what is left of the body, when its length was announced.
std::uint64_t connection::bytes_to_linger() const noexcept {
    auto const most = owner_.options().linger_bytes;
    auto const announced = space_ ? space_->current.body.announced_left() : 0;
    return announced == 0 ? most : std::min(most, announced + surplus_bytes);
}

connection::got connection::drop_some(std::uint64_t &left, loop_share &share) {
    auto const most = std::min<std::uint64_t>({dropping_read, left, turn(share)});
    error_code ec;
    auto const n = socket_.drop_some(static_cast<std::size_t>(most), ec);
    if (ec) return is_passing(ec) ? got::nothing : got::end;
    left -= n;
    share.moved(n);
    return got::bytes;
}

} // namespace phial
