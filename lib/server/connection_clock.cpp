// The clock of a connection: what is called once a second, and what ends it.
#include "phial/server/connection.hpp"

#include "phial/server/server_loop.hpp"

#include <poll.h>

namespace phial {
namespace {

namespace asio = boost::asio;

} // namespace

void connection::tick() noexcept { act(patience_.tick(owner_.now(), handler_seconds(), look())); }
void connection::drain() noexcept { act(patience_.drain(owner_.now())); }
void connection::give_up() noexcept { act(patience_.give_up()); }

// For as long as no route is known, the server's.
unsigned connection::handler_seconds() const noexcept {
    auto const of_route = patience_.waits_for() == wait::handler ? rq().notes.handler_seconds : 0;
    return of_route != 0 ? of_route : owner_.options().handler_seconds;
}

patience::facts connection::look() noexcept {
    switch (patience_.waits_for()) {
    case wait::body:
        space_->current.body_pace.set_rate(least_rate(owner_.options(), rq().held_memory()));
        return {.too_slow = space_->current.body_pace.too_slow()};
    case wait::reader: return {.too_slow = space_->out.is_too_slow(socket_.unacknowledged())};
    case wait::handler: return {.state = look_at_client()};
    case wait::piece:
    case wait::event: return {.state = look_at_reader()};
    default: return {};
    }
}

// Whether the client can still read the response: not when the connection was reset.
patience::client connection::look_at_client() noexcept {
    auto const ends = socket_.ends();
    if (ends == 0) return patience::client::present;
    if ((ends & (POLLERR | POLLHUP)) != 0) return patience::client::gone;
    auto const unread = space_->in.size() + socket_.unread();
    // A body that ended before its length will never be complete.
    bool const waits_for_nothing = unread == 0 || space_->current.body.announced_left() > unread;
    return waits_for_nothing ? patience::client::half_closed : patience::client::present;
}

// The same while a stream waits for something to send, which nothing else bounds: a client that has closed its side is
// not waited for, whatever it has sent before.
patience::client connection::look_at_reader() noexcept {
    auto const ends = socket_.ends();
    if (ends == 0) return patience::client::present;
    return (ends & (POLLERR | POLLHUP)) != 0 ? patience::client::gone : patience::client::half_closed;
}

void connection::act(patience::due what) noexcept {
    using due = patience::due;
    switch (what) {
    case due::nothing: return;
    case due::write: (void)try_write(); return;
    case due::rest:
    case due::last_read:
    case due::end: return socket_.cancel();
    case due::end_slow_handler:
        owner_.count(server_event::slow_handler);
        return cancel_handler({503, "the request took longer than the service allows"});
    case due::end_for_no_client:
        owner_.count(server_event::gone_client);
        return cancel_handler({499, "the client closed the connection"});
    case due::end_unfinished: return cancel_handler({503, stopping});
    case due::beat: return beat();
    case due::end_stream: return cancel_.emit(asio::cancellation_type::terminal);
    }
}

// What the handler waits for ends with operation_aborted, and so does everything that it waits for after that.
void connection::cancel_handler(refusal why) {
    rq().notes.cancelled = why.reason;
    rq().notes.cancelled_status = why.status;
    cancel_.emit(asio::cancellation_type::terminal);
}

} // namespace phial
