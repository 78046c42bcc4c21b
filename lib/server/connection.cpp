// The life of a connection, and how its bytes become requests.
#include "phial/server/connection.hpp"

#include "phial/http/http_error.hpp"
#include "phial/server/server_loop.hpp"

#include <algorithm>
#include <array>

namespace phial {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// A body that came fast may pause for this long.
constexpr unsigned body_lead_seconds = 30;
// A body that has not arrived whole has at least this much room after its head, or each read would take a few bytes.
constexpr std::size_t least_body_room = 4 * 1024;
// Bytes of one read of a head that comes in pieces.
constexpr std::size_t small_read = 4 * 1024;

} // namespace

connection::connection(descriptor socket, asio::ip::address peer, server_loop &owner)
    : socket_(std::move(socket), owner.sockets()),
      owner_(owner),
      client_place_(owner.options().known_clients, peer),
      has_place_(owner.add(*this, !client_place_.refused())),
      awaits_proxy_header_(owner.options().proxy_protocol && owner.trusts(peer)),
      peer_(std::move(peer)) {
    socket_.send_at_once();
    if (has_place_) patience_.wait_for_request(awaits_proxy_header_ ? head_deadline() : idle_deadline());
}

connection::~connection() {
    (void)change_to(wait::none);
    if (space_) owner_.give_back(std::move(space_));
    owner_.remove(*this);
}

std::string_view connection::unread() const noexcept { return space_->in.unread(); }

void connection::rest(std::unique_ptr<connection> c) {
    auto &socket = c->socket_;
    socket.async_wait(transport::wait_type::read, [c = std::move(c)](error_code waited) mutable {
        auto &owner = c->owner_;
        owner.serve(std::move(c), waited);
    });
}

// In turns: wait, read, respond to every complete request, write all responses at once. The common case calls plain
// functions only, because each co_await of a task costs a coroutine frame. What seldom happens is in few coroutines,
// because each co_await here adds to the search for the catch of every exception that a handler throws.
task<> connection::serve(error_code waited) {
    bool overdue = false;
    for (;;) {
        if (rests() && waited == asio::error::operation_aborted) co_return; // nothing has come for a while
        (void)patience_.change_to(wait::none);
        overdue = patience_.has_run_out();
        if (overdue || !receive(waited)) break;
        while (ending_ == ending::none && next_request()) {
            outcome result = call_app();
            if (auto *const waiting = result.pending()) {
                try {
                    auto rs = co_await std::move(*waiting);
                    result.succeed(rq(), std::move(rs));
                } catch (http_error const &e) {
                    result.fail(rq(), e);
                } catch (...) {
                    result.fail(rq(), std::current_exception());
                }
            }
            if (end_handler()) // it was cancelled, and otherwise the next co_await would throw
                co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
            response &rs = *result.value();
            bool const is_finished = finish(rs);
            if (!is_finished || (space_->in.empty() && !try_write())) co_await respond_slowly(rs, is_finished);
            report(rs.status());
        }
        if (space_ && !try_write()) co_await write();
        if (!prepare_wait()) break;
        if (rests()) co_return;
        auto const [ended] = co_await socket_.async_wait(transport::wait_type::read, as_values);
        waited = ended;
    }
    if (overdue || client_place_.refused() || ending_ == ending::linger) co_await end(overdue);
}

// What a client still gets before the connection is closed.
task<> connection::end(bool overdue) {
    if (overdue && awaits_proxy_header_ && !owner_.draining()) owner_.count(server_event::no_proxy_header);
    if (overdue && !awaits_proxy_header_ && !kept_.empty()) co_await refuse_unread(why_overdue());
    if (client_place_.refused()) co_return co_await turn_away(); // whom a PROXY header has named
    if (ending_ == ending::linger) co_await linger();
}

// The common handler gives a response, or a task that is awaited above, without a coroutine in between.
outcome connection::call_app() noexcept {
    try {
        if (space_->current.is_refused()) return refuse(rq().notes.refused);
        begin_handler();
        return owner_.app().respond.call(rq());
    } catch (http_error const &e) { // no exception passes handle_errors; an app without it still responds
        outcome result{response()};
        result.fail(rq(), e);
        return result;
    } catch (...) {
        outcome result{response()};
        result.fail(rq(), std::current_exception());
        return result;
    }
}

unsigned connection::idle_deadline() const noexcept {
    return owner_.now() + (owner_.draining() ? patience::grace_seconds : owner_.options().idle_seconds);
}

unsigned connection::head_deadline() const noexcept { return owner_.now() + owner_.options().head_seconds; }

// Gives the work space back and sets the deadline; false when the connection is to be closed.
bool connection::prepare_wait() {
    if (ending_ != ending::none) return false;
    if (space_) {
        if (!space_->in.empty()) kept_.assign(unread());
        seen_ = kept_.size();
        owner_.give_back(std::move(space_));
    }
    if (kept_.empty())
        patience_.wait_for_request(idle_deadline());
    else
        patience_.wait_for_head(head_deadline());
    return true;
}

// Reads what has arrived; takes a work space if there may be a request in it. False when there is nothing more to do.
bool connection::receive(error_code waited) {
    if (kept_.empty() && !awaits_proxy_header_) take_space();
    // When the server stops it cancels the wait, but a request may have arrived at the same time: one last read.
    auto const result = space_ ? read(inbox::capacity) : read_head();
    if (result == got::end) return false;
    if (result == got::nothing) return !waited;
    if (space_) return true;
    if (awaits_proxy_header_) {
        if (!take_proxy_header()) return false;
        if (awaits_proxy_header_ || kept_.empty()) return true;
    }
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
    space_->in.restart(kept_);
    kept_.clear();
}

connection::got connection::read(std::size_t most) {
    std::size_t in_room = 0;
    return read({}, most, in_room);
}

// Fills `room` first, and then up to `most` bytes of the buffer.
connection::got connection::read(std::span<char> room, std::size_t most, std::size_t &in_room) {
    auto const rest = most == 0 ? std::span<char>() : space_->in.room(most);
    error_code ec;
    auto const n = room.empty() ? socket_.read_some(rest, ec) : socket_.read_some(room, rest, ec);
    if (ec) return is_passing(ec) ? got::nothing : got::end;
    in_room = std::min(n, room.size());
    space_->in.add(n - in_room);
    return got::bytes;
}

// A head that comes in pieces is collected without a work space: thousands of clients may send a byte a second.
connection::got connection::read_head() {
    std::array<char, small_read> bytes;
    error_code ec;
    auto const n = socket_.read_some(bytes, ec);
    if (ec) return is_passing(ec) ? got::nothing : got::end;
    kept_.append(bytes.data(), n);
    return got::bytes;
}

// Whether there is a request to respond to: a complete one, or one to reject.
bool connection::next_request() {
    if (!space_ || space_->in.empty()) return false;
    auto &head = space_->head;
    auto result = head.parse(unread());
    if (result == head_parser::result::need_more) return false;
    if (head.body().is_longer_than(space_->in.size() - head.size()) &&
        space_->in.is_short_after(head.size(), least_body_room)) {
        space_->in.move_to_front();
        result = head.parse(unread());
    }
    auto const bytes = unread();
    patience_.end_head();
    owner_.count(server_event::request);
    bool const framed = result == head_parser::result::complete || head.framing_is_known();
    auto const why = why_refused(result);
    begin_exchange(head.head(), framed ? head.body() : framing{}, framed && head.method_is_known(), why);
    if (auto *const table = owner_.limited_clients()) limit_rate(*table);
    use(framed ? head.size() : bytes.size());
    space_->in.mark_body();
    auto const &body = space_->current.body;
    if (body.ended()) owner_.note_quick_request();
    if (!framed)
        ending_.require(ending::linger);
    else if (!head.keep_alive() || (why.status == 417 && !body.ended()))
        ending_.require(ending::close);
    return true;
}

// Why the server rejects the request itself; status 0: it does not.
refusal connection::why_refused(head_parser::result parsed) const noexcept {
    auto const &head = space_->head;
    if (parsed == head_parser::result::refused) return head.why();
    if (head.body().length > owner_.options().context.limits.body)
        return {413, "the body is larger than is accepted here"};
    if (!owner_.has_room()) return {503, "too many requests are under way"};
    return {};
}

// All requests of a client count, also those that are rejected for another reason.
void connection::limit_rate(clients &table) {
    bool const admitted = table.admit_request(client_network(rq().client()));
    auto &why = rq().notes.refused;
    if (!admitted && why.status == 0) why = {429, "this client sends more requests a second than it may"};
}

open_exchange::time connection::begin_time() noexcept {
    using time = open_exchange::time;
    if (!owner_.loop_observer()) return time();
    auto const previous = space_->current.ended();
    return previous != time() ? previous : time::clock::now();
}

void connection::begin_exchange(request_head const &head, framing const &body_framing, bool has_method,
                                refusal const &why) {
    auto const &options = owner_.options();
    auto &now = space_->current;
    now.body.begin(*this, body_framing, space_->head.expects_continue(), options.context.limits, head.fields);
    now.body_pace = pace(options.least_rate, options.body_grace_seconds, body_lead_seconds);
    space_->share.begin_body();
    space_->out.begin_response();
    now.begin(begin_time(), head, options.context, has_method);
    rq().notes.peer = &peer_;
    rq().notes.is_peer_named = is_peer_named_;
    rq().notes.refused = why;
    rq().correlate(owner_.ids());
}

// Waiting for a slow client takes that client's connection, not the place of a request that is under way.
connection::wait connection::change_to(wait next) noexcept {
    bool const worked = patience_.works();
    auto const previous = patience_.change_to(next);
    if (worked != patience_.works()) owner_.change_requests_under_way(worked ? -1 : 1);
    return previous;
}

void connection::begin_handler() noexcept {
    (void)change_to(wait::handler);
    patience_.restart_handler();
}

// True when the handler was cancelled.
bool connection::end_handler() noexcept {
    (void)change_to(wait::none);
    return !rq().notes.cancelled.empty();
}

// Responds before a request was read, and then closes the connection.
task<> connection::refuse_unread(refusal why) {
    if (!space_) space_ = owner_.take_space();
    request_head head;
    head.is_known = false;
    if (kept_.starts_with("HEAD ")) head.method = method::head;
    begin_exchange(head, {}, false, why);
    space_->current.received = std::max(space_->in.size(), kept_.size());
    space_->in.restart({});
    ending_.require(ending::linger);
    auto rs = co_await refuse(why);
    if (!finish(rs)) co_await finish_slowly(rs);
    if (!try_write()) co_await write();
    report(rs.status());
}

} // namespace phial
