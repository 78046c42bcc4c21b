// The clock of a connection: what is called once a second, and what ends it.
#include "phial/server/connection.hpp"

#include "phial/server/server_loop.hpp"

#include <poll.h>

namespace phial {
namespace {

namespace asio = boost::asio;

// A client that has closed its side may still read, and many do for a moment: `printf ... | nc`. It counts as gone when
// its side was closed at this many ticks in a row.
constexpr unsigned ticks_until_gone = 2;

} // namespace

// A request is under way while the service works on it. Waiting for a slow client does not count: that takes the
// client's connection, not the place of a request.
connection::waits connection::change_to(waits next) noexcept {
    auto const at_work = [](waits w) { return w == waits::for_handler || w == waits::for_cancelled_handler; };
    auto const previous = std::exchange(waits_, next);
    if (at_work(previous) != at_work(next)) owner_.change_requests_under_way(at_work(next) ? 1 : -1);
    return previous;
}

void connection::set_deadline(unsigned seconds_from_now) noexcept { deadline_ = owner_.now() + seconds_from_now; }

void connection::tick() noexcept {
    switch (waits_) {
    case waits::no:
    case waits::for_cancelled_handler: return;
    case waits::until_deadline:
        if (owner_.now() > deadline_)
            expire();
        else if (idle_ && phase_ == phase::served)
            retire();
        return;
    case waits::for_body:
        space_->body_pace.set_rate(least_rate(owner_.options(), space_->rq->held_memory()));
        if (space_->body_pace.too_slow()) expire();
        return;
    case waits::for_reader:
        count_taken();
        if (space_->write_pace.too_slow()) expire();
        return;
    case waits::for_handler:
        if (++handler_seconds_ > owner_.options().handler_seconds) {
            owner_.count(server_event::slow_handler);
            interrupt("the request took longer than the service allows");
        } else if (client_has_gone()) {
            owner_.count(server_event::gone_client);
            interrupt("the client closed the connection", 499);
        } else {
            (void)try_write(); // earlier responses need not wait for this one
        }
        return;
    }
}

void connection::expire() noexcept {
    (void)change_to(waits::no);
    expired_ = true;
    socket_.cancel();
}

void connection::retire() noexcept {
    phase_ = phase::retiring;
    socket_.cancel();
}

// What the handler waits for ends with operation_aborted, and so does everything that it waits for after that.
void connection::interrupt(std::string_view reason, unsigned status) {
    (void)change_to(waits::for_cancelled_handler);
    space_->rq->notes.cancelled = reason;
    space_->rq->notes.cancelled_status = status;
    cancel_.emit(asio::cancellation_type::terminal);
}

// Whether the client can no longer read the response: the connection was reset, or the client closed its side some
// ticks ago and none of its requests is still to be read. Called once a second while a handler works.
bool connection::client_has_gone() noexcept {
    auto const ends = socket_.ends();
    if (ends == 0) return ticks_gone_ = 0, false;
    if ((ends & (POLLERR | POLLHUP)) != 0) return true;
    auto const unread = space_->in.size() + socket_.unread();
    // A body that ended before its length will never be complete.
    bool const waits_for_nothing = unread == 0 || space_->body.announced_left() > unread;
    ticks_gone_ = waits_for_nothing ? ticks_gone_ + 1 : 0;
    return ticks_gone_ >= ticks_until_gone;
}

void connection::close_if_idle() noexcept {
    if (!idle_) return;
    if (fresh_) return set_deadline(grace_seconds);
    if (phase_ == phase::retiring) phase_ = phase::served; // it ends instead
    socket_.cancel();
}

void connection::give_up() noexcept {
    if (waits_ == waits::for_handler)
        interrupt(stopping);
    else if (waits_ != waits::no && waits_ != waits::for_cancelled_handler)
        expire();
}

} // namespace phial
