// The life of a connection, and the half of its class that turns bytes into requests.
#include "phial/server/connection.hpp"

#include "phial/http/http_error.hpp"
#include "phial/server/server_loop.hpp"
#include "phial/text/concat.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>

namespace phial {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::string_view stopping = "the service is stopping";
// When the server stops, a request may be on its way: it is waited for this long.
constexpr unsigned grace_seconds = 1;
// A body that came fast may pause for this long.
constexpr unsigned body_lead_seconds = 30;
// Bytes of a body that are read in one turn of the loop when it comes as fast as it is read and others wait for
// responses. A fast upload starves small requests by using all the CPU, not by one long turn; short turns throttle it.
constexpr std::size_t short_turn = 1024;
// A body comes that fast when this many bytes of it were read without waiting.
constexpr std::size_t fast = 64 * 1024;
// Bytes of one read: of a head that comes in pieces; and of what is dropped after the last response.
constexpr std::size_t small_read = 4 * 1024;
constexpr std::size_t dropping_read = 64 * 1024;
// After a rejection this many bytes more than the body's announced length are read: what was sent along with it.
constexpr std::uint64_t surplus_bytes = 64 * 1024;
// A connection that was turned away may take this long to end: it is one more than there is room for.
constexpr unsigned turned_away_seconds = 2;
// A client that has closed its side may still read, and many do for a moment: `printf ... | nc`. It counts as gone when
// its side was closed at this many ticks in a row.
constexpr unsigned ticks_until_gone = 2;

bool is_passing(error_code const &ec) { return ec == asio::error::would_block || ec == asio::error::interrupted; }

} // namespace

connection::connection(tcp_socket socket, asio::ip::address peer, server_loop &owner)
    : socket_(std::move(socket)),
      owner_(owner),
      client_place_(owner.options().known_clients, peer),
      has_place_(owner.add(*this, !client_place_.refused())),
      peer_(std::move(peer)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
}

connection::~connection() {
    (void)change_to(waits::no);
    if (space_) owner_.give_back(std::move(space_));
    owner_.remove(*this);
}

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
        body_pace_.set_rate(least_rate(owner_.options(), space_->rq->held_memory()));
        if (body_pace_.too_slow()) expire();
        return;
    case waits::for_reader:
        count_taken();
        if (write_pace_.too_slow()) expire();
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
    error_code ignored;
    socket_.cancel(ignored);
}

void connection::retire() noexcept {
    phase_ = phase::retiring;
    error_code ignored;
    socket_.cancel(ignored);
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
    pollfd look{socket_.native_handle(), POLLRDHUP, 0};
    if (::poll(&look, 1, 0) <= 0) return ticks_gone_ = 0, false;
    if ((look.revents & (POLLERR | POLLHUP)) != 0) return true;
    error_code ec;
    auto const unread = end_ - begin_ + socket_.available(ec);
    // A body that ended before its length will never be complete.
    bool const waits_for_nothing = unread == 0 || space_->body.announced_left() > unread;
    ticks_gone_ = waits_for_nothing ? ticks_gone_ + 1 : 0;
    return ticks_gone_ >= ticks_until_gone;
}

void connection::close_if_idle() noexcept {
    if (!idle_) return;
    if (fresh_) return set_deadline(grace_seconds);
    if (phase_ == phase::retiring) phase_ = phase::served; // it ends instead
    error_code ignored;
    socket_.cancel(ignored);
}

void connection::give_up() noexcept {
    if (waits_ == waits::for_handler)
        interrupt(stopping);
    else if (waits_ != waits::no && waits_ != waits::for_cancelled_handler)
        expire();
}

std::string_view connection::unread() const noexcept { return {space_->buffer.get() + begin_, end_ - begin_}; }

void connection::rest(std::unique_ptr<connection> c) {
    auto &self = *c;
    self.phase_ = phase::resting;
    if (self.fresh_ && !self.prepare_wait()) return;
    self.socket_.async_wait(tcp_socket::wait_read, [c = std::move(c)](error_code waited) mutable {
        auto &owner = c->owner_;
        owner.serve(std::move(c), waited);
    });
}

// In turns: wait, read, respond to every complete request, write all responses at once. The common case calls plain
// functions only, because each co_await of a task costs a coroutine frame.
task<> connection::serve(error_code waited) {
    phase_ = phase::served;
    for (;;) {
        if (retires() && !expired_ && waited == asio::error::operation_aborted) co_return;
        phase_ = phase::served;
        (void)change_to(waits::no);
        if (std::exchange(expired_, false)) {
            if (!idle_) co_await refuse_unread(why_overdue());
            break;
        }
        if (!receive(waited)) break;
        while (!closing_ && !dead_ && next_request()) {
            outcome result = call_app();
            if (auto *const waiting = result.pending()) {
                try {
                    auto rs = co_await std::move(*waiting);
                    result.succeed(*space_->rq, std::move(rs));
                } catch (http_error const &e) {
                    result.fail(*space_->rq, e);
                } catch (...) {
                    result.fail(*space_->rq, std::current_exception());
                }
            }
            if (end_handler()) // it was cancelled, and otherwise the next co_await would throw
                co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
            response &rs = *result.value();
            if (!finish(rs)) co_await finish_slowly(rs);
            if (begin_ == end_ && !try_write()) co_await write();
            report(rs.status());
        }
        if (space_ && !try_write()) co_await write();
        if (!prepare_wait()) break;
        if (idle_ && !std::exchange(has_rested_, true)) { // a client that sends once more soon will do so again
            phase_ = phase::retiring;
            co_return;
        }
        auto const [ended] = co_await socket_.async_wait(tcp_socket::wait_read, as_values);
        waited = ended;
    }
    if (linger_ && !dead_) co_await linger();
}

// The common handler gives a response, or a task that is awaited above, without a coroutine in between.
outcome connection::call_app() noexcept {
    auto &rq = *space_->rq;
    outcome result{response()};
    try {
        if (refused()) return refuse(rq.notes.refused);
        begin_handler();
        return owner_.app().respond.call(rq);
    } catch (http_error const &e) { // no exception passes handle_errors; an app without it still responds
        result.fail(rq, e);
    } catch (...) {
        result.fail(rq, std::current_exception());
    }
    return result;
}

task<> connection::turn_away() {
    refusal const why{503, client_place_.refused() ? "too many connections of this client are open"
                                                   : "too many connections are open"};
    co_await refuse_unread(why);
    if (!dead_) co_await linger();
}

// Gives the work space back and sets the deadline; false when the connection is to be closed.
bool connection::prepare_wait() {
    if (closing_ || dead_) return false;
    if (space_) {
        if (begin_ != end_) kept_.assign(unread());
        seen_ = kept_.size();
        owner_.give_back(std::move(space_));
    }
    bool const was_idle = std::exchange(idle_, kept_.empty());
    if (idle_)
        set_deadline(owner_.draining() ? grace_seconds : owner_.options().idle_seconds);
    else if (was_idle || deadline_ == 0)
        set_deadline(owner_.options().head_seconds);
    (void)change_to(waits::until_deadline);
    return true;
}

// Reads what has arrived; takes a work space if there may be a request in it. False when there is nothing more to do.
bool connection::receive(error_code waited) {
    if (kept_.empty()) take_space();
    // When the server stops it cancels the wait, but a request may have arrived at the same time: one last read.
    auto const result = space_ ? read(work_space::capacity) : read_head();
    if (result == got::end) return false;
    if (result == got::nothing) return !waited;
    if (space_) return true;
    auto const seen = std::exchange(seen_, kept_.size());
    if (head_parser::is_worth_parsing(kept_, seen, owner_.options().context.limits)) take_space();
    return true;
}

refusal connection::why_overdue() noexcept {
    if (owner_.giving_up()) return {503, stopping};
    owner_.count(server_event::slow_head);
    return {408, owner_.slow_head()};
}

void connection::take_space() {
    space_ = owner_.take_space();
    begin_ = 0;
    end_ = kept_.size();
    if (kept_.empty()) return;
    std::memcpy(space_->buffer.get(), kept_.data(), kept_.size());
    kept_.clear();
}

connection::got connection::read(std::size_t most) {
    std::size_t in_room = 0;
    return read({}, most, in_room);
}

// Fills `room` first, and then up to `most` bytes of the buffer.
connection::got connection::read(std::span<char> room, std::size_t most, std::size_t &in_room) {
    auto const free = asio::buffer(space_->buffer.get() + end_, std::min(work_space::capacity - end_, most));
    error_code ec;
    std::size_t n = 0;
    if (room.empty())
        n = socket_.read_some(free, ec);
    else if (most == 0)
        n = socket_.read_some(asio::buffer(room), ec);
    else
        n = socket_.read_some(std::array<asio::mutable_buffer, 2>{asio::buffer(room), free}, ec);
    if (ec) return is_passing(ec) ? got::nothing : got::end;
    in_room = std::min(n, room.size());
    end_ += n - in_room;
    return got::bytes;
}

// A head that comes in pieces is collected without a work space: thousands of clients may send a byte a second.
connection::got connection::read_head() {
    std::array<char, small_read> bytes;
    error_code ec;
    auto const n = socket_.read_some(asio::buffer(bytes), ec);
    if (ec) return is_passing(ec) ? got::nothing : got::end;
    kept_.append(bytes.data(), n);
    return got::bytes;
}

// Whether there is a request to respond to: a complete one, or one to reject.
bool connection::next_request() {
    if (!space_ || begin_ == end_) return false;
    auto const bytes = unread();
    auto &head = space_->head;
    auto const result = head.parse(bytes);
    if (result == head_parser::result::need_more) return false;
    begin_exchange();
    fresh_ = idle_ = false;
    deadline_ = 0;
    owner_.count(server_event::request);
    auto why = result == head_parser::result::refused ? head.why() : refusal{};
    auto const is_refused = [&why] { return why.status != 0; };
    auto const &options = owner_.options();
    auto const &limits = options.context.limits;
    bool const framed = !is_refused() || head.framing_is_known();
    if (!is_refused() && head.body().length > limits.body) why = {413, "the body is larger than is accepted here"};
    if (!is_refused() && !owner_.has_room()) why = {503, "too many requests are under way"};
    has_method_ = framed && head.method_is_known();
    use(framed ? head.size() : bytes.size());
    body_begin_ = begin_;
    auto &body = space_->body;
    body.begin(*this, framed ? head.body() : framing{}, head.expects_continue(), limits, head.head().fields);
    in_a_row_ = 0;
    if (body.ended()) owner_.note_quick_request();
    body_pace_ = pace(options.least_rate, options.body_grace_seconds, body_lead_seconds);
    space_->rq.emplace(head.head(), body, options.context);
    space_->rq->notes.peer = &peer_;
    space_->rq->notes.refused = why;
    space_->rq->correlate(owner_.ids());
    closing_ = !framed || !head.keep_alive() || (why.status == 417 && !body.ended());
    linger_ = !framed;
    return true;
}

void connection::begin_handler() noexcept {
    (void)change_to(waits::for_handler);
    handler_seconds_ = ticks_gone_ = 0;
}

// True when the handler was cancelled.
bool connection::end_handler() noexcept {
    (void)change_to(waits::no);
    return !space_->rq->notes.cancelled.empty();
}

// Responds before a request was read, and then closes the connection.
task<> connection::refuse_unread(refusal why) {
    if (!space_) space_ = owner_.take_space();
    begin_exchange();
    received_ = std::max(end_ - begin_, kept_.size());
    has_method_ = false;
    begin_ = end_ = 0;
    auto const &context = owner_.options().context;
    request_head head;
    head.is_known = false;
    if (kept_.starts_with("HEAD ")) head.method = method::head;
    space_->rq.emplace(head, space_->body, context);
    space_->rq->notes.peer = &peer_;
    space_->rq->correlate(owner_.ids());
    space_->body.begin(*this, {}, false, context.limits, {});
    closing_ = linger_ = true;
    auto rs = co_await refuse(why);
    if (!finish(rs)) co_await finish_slowly(rs);
    if (!try_write()) co_await write();
    report(rs.status());
}

// A client that sends as fast as the server reads would keep the loop for itself.
task<> connection::let_others_run() {
    unshared_ = 0;
    co_await asio::post(use_task);
}

// Bytes to read before others run.
std::size_t connection::turn() const noexcept {
    return in_a_row_ >= fast && owner_.has_quick_requests() ? short_turn : long_turn;
}

task<std::size_t> connection::read_more(bool send_continue, std::span<char> room, std::size_t most) {
    if (send_continue) space_->out += "HTTP/1.1 100 Continue\r\n\r\n";
    if (!try_write()) co_await write();
    if (begin_ == end_) begin_ = end_ = body_begin_;
    for (;;) {
        if (dead_) throw http_error(400, "The connection broke before the body's end.");
        auto const previous_end = end_;
        auto const turn_bytes = room.empty() ? std::min(this->turn(), decoding_turn) : this->turn();
        auto const here = room.first(std::min(turn_bytes, room.size()));
        std::size_t in_room = 0;
        auto const result = read(here, here.size() < room.size() ? 0 : std::min(turn_bytes, most), in_room);
        if (result == got::bytes) {
            auto const n = in_room + end_ - previous_end;
            body_pace_.moved(n);
            handler_seconds_ = 0; // a handler that continues to read may take longer in total
            in_a_row_ += n;
            unshared_ += n;
            if (unshared_ >= turn_bytes) co_await let_others_run();
            received_ += in_room;
            co_return in_room;
        }
        if (result == got::end) throw http_error(400, "The body ended before its announced length.");
        auto const waited_for = change_to(waits::for_body);
        auto const [ec] = co_await socket_.async_wait(tcp_socket::wait_read, as_values);
        (void)change_to(waited_for);
        in_a_row_ = unshared_ = 0;
        if (std::exchange(expired_, false)) {
            if (owner_.giving_up()) throw http_error(503, concat("Service Unavailable: ", stopping, "."));
            owner_.count(server_event::slow_body);
            throw http_error(408, concat("The body came more slowly than ", body_pace_.rate(), " bytes a second."));
        }
        if (ec) throw http_error(400, "The connection broke before the body's end.");
    }
}

// Closing while the client still sends makes the kernel reset the connection, and the client loses the response. So
// only our side is closed, and what comes is dropped until the client closes its side, pauses too long, or has used up
// its time or bytes. When the service stops, a client that continues to send has no more time than one that pauses.
task<> connection::linger() {
    idle_ = false;
    error_code ec;
    socket_.shutdown(tcp_socket::shutdown_send, ec);
    auto left = bytes_to_linger();
    if (space_) owner_.give_back(std::move(space_));
    auto const &options = owner_.options();
    auto const end = owner_.now() + (has_place_ ? options.linger_whole_seconds : turned_away_seconds);
    auto const go_on = [&] { deadline_ = std::min(owner_.now() + options.linger_seconds, end); };
    go_on();
    (void)change_to(waits::until_deadline);
    in_a_row_ = unshared_ = 0;
    while (left > 0 && !expired_) {
        auto const result = drop_some(left);
        if (result == got::end) break;
        if (result == got::bytes) {
            if (!owner_.draining()) go_on();
            if (unshared_ >= turn()) co_await let_others_run();
        } else {
            auto const [failed] = co_await socket_.async_wait(tcp_socket::wait_read, as_values);
            if (failed) break;
            in_a_row_ = unshared_ = 0;
        }
    }
}

// Not much more than what is left of the body, when its length was announced.
std::uint64_t connection::bytes_to_linger() const noexcept {
    auto const most = owner_.options().linger_bytes;
    auto const announced = space_ ? space_->body.announced_left() : 0;
    return announced == 0 ? most : std::min(most, announced + surplus_bytes);
}

// Drops what has arrived; with MSG_TRUNC the kernel does not even copy it.
connection::got connection::drop_some(std::uint64_t &left) {
    std::array<char, dropping_read> bytes;
    auto const most = std::min<std::uint64_t>({bytes.size(), left, turn()});
    error_code ec;
    auto const n = socket_.receive(asio::buffer(bytes.data(), static_cast<std::size_t>(most)), MSG_TRUNC, ec);
    if (ec) return is_passing(ec) ? got::nothing : got::end;
    left -= n;
    in_a_row_ += n;
    unshared_ += n;
    return got::bytes;
}

} // namespace phial
