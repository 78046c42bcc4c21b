// How the responses of a connection become bytes.
#include "phial/http/http_error.hpp"
#include "phial/server/connection.hpp"
#include "phial/server/response_head.hpp"
#include "phial/server/server_loop.hpp"

namespace phial {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// A body larger than this is written from its own memory, not copied after its head.
constexpr std::size_t copied_body = body_builder::small_body;

} // namespace

// The app's layers may wait. They have as much time as a handler, and are cancelled in the same way.
task<response> connection::refuse(refusal why) {
    rq().notes.refused = why;
    response rs(why.status);
    begin_handler();
    try {
        rs = co_await owner_.app().refuse(rq());
    } catch (...) { // NOLINT(bugprone-empty-catch): the status alone is a response
    }
    bool const was_cancelled = end_handler();
    if (was_cancelled) // otherwise the next co_await would throw
        co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    // A second is enough for a client that was too fast, too: see clients::admit_request.
    if (why.status == 503 || why.status == 429) rs.set("Retry-After", "1");
    co_return rs;
}

// The common case: the body of the request was read, or has arrived whole and is skipped; the response is whole and
// small. False in any other case.
bool connection::finish(response &rs) {
    owner_.app().filter(rq(), rs);
    auto &body = space_->current.body;
    if (!body.ended() && !(body.awaits_continue() || body.broken()))
        (void)body.skip_buffered(owner_.options().context.limits.unread_body);
    if (!body.ended() || body.broken() || rs.stream() != nullptr || rs.body().size() > copied_body ||
        space_->out.is_full())
        return false;
    close_after_last_request();
    linger_if_client_sends();
    append_head(rs);
    if (sends_content(rs)) space_->out += rs.body();
    return true;
}

// A server that stops closes the connection after the last request that has arrived. Another may be on its way: because
// of lingering its client sees the end of the stream, not a reset, and knows that it gets no response.
void connection::close_after_last_request() {
    if (ending_ != ending::none || !owner_.stopping() || !space_->in.empty() || socket_.unread() > 0) return;
    ending_.require(ending::linger);
}

void connection::linger_if_client_sends() noexcept {
    if (!(space_->current.body.ended() && space_->in.empty())) ending_.expect_bytes();
}

task<> connection::finish_slowly(response &rs) {
    auto &body = space_->current.body;
    bool const droppable = !body.awaits_continue() && !body.broken() && !owner_.giving_up() &&
                           !body.longer_than(owner_.options().context.limits.unread_body);
    if (!body.ended() && droppable && rs.status() < 400) {
        // A message that ends before its announced length is incomplete: no success is reported before its end.
        co_await drop_body();
    }
    if (body.broken() && rs.status() < 400) {
        auto const why = body.too_large() ? refusal{413, "the body is larger than is accepted here"}
                                          : refusal{400, "the body is malformed or ends before its announced length"};
        rs = co_await refuse(why);
    }
    if (body.broken())
        ending_.require(ending::linger);
    else if (!body.ended() && !droppable)
        ending_.require(ending::close);
    if (body.ended()) close_after_last_request();
    auto const held = hold(rs);
    if (!held) {
        refusal const why{503, "there is no memory left for a response of this size"};
        rs = co_await refuse(why);
    }
    append_head(rs);
    space_->is_chunked = is_chunked(rs, rq().head().minor_version);
    if (sends_content(rs)) {
        begin_writing(rs.body().size());
        if (rs.stream() != nullptr)
            co_await stream(*rs.stream());
        else
            co_await write_on(rs.body());
    }
    if (ending_ == ending::none && !body.ended()) {
        if (!try_write()) co_await write();
        co_await drop_body();
        if (!body.ended()) ending_.require(ending::close);
    }
    linger_if_client_sends();
}

// When it is not finished yet, or is not written at once.
task<> connection::respond_slowly(response &rs, bool is_finished) {
    if (!is_finished) co_await finish_slowly(rs);
    if (space_->in.empty() && !try_write()) co_await write();
}

// The share of memory of a large body that a handler has made, held until it is sent. (Streams count their own memory.)
// Empty if the memory is used up.
std::optional<memory_share> connection::hold(response const &rs) {
    if (rs.body().size() <= copied_body) return memory_share();
    memory_share share(rq().memory());
    try {
        share.grow(rs.body().size());
    } catch (http_error const &) {
        return std::nullopt;
    }
    return share;
}

// Reads the rest of a body and drops it, up to limits.unread_body.
task<> connection::drop_body() {
    auto &body = space_->current.body;
    auto dropped = body.skipped();
    try {
        while (auto const bytes = co_await body.next()) {
            dropped += bytes->size();
            if (dropped > owner_.options().context.limits.unread_body) break;
        }
    } catch (http_error const &) { // NOLINT(bugprone-empty-catch): body.broken() says it
    }
}

void connection::append_head(response const &rs) {
    auto const minor_version = rq().head().minor_version;
    if (ends_with_connection(rs, minor_version)) ending_.require(ending::close);
    if (rs.status() == 503) owner_.count(server_event::overload);
    append_response_head(
        space_->out, rs,
        {minor_version, ending_ != ending::none, owner_.common_fields(rq(), rs), rq().id(), !rq().notes.user.empty()});
}

void connection::report(unsigned status) noexcept {
    auto *const loop_observer = owner_.loop_observer();
    if (loop_observer == nullptr) return;
    auto const now = open_exchange::time::clock::now();
    loop_observer->finished(space_->current.report(now, status, !is_broken(), space_->out.sent()));
}

bool connection::sends_content(response const &rs) const noexcept {
    return rq().head().method != method::head && !has_no_content(rs.status());
}

// One attempt to write all responses without waiting; true when nothing is left to write.
bool connection::try_write() {
    auto &out = space_->out;
    if (out.empty() || is_broken()) return true;
    auto const waiting = out.waiting();
    error_code ec;
    (void)out.wrote(socket_.write_some(waiting, {}, ec));
    if (out.empty()) return true;
    if (!ec || is_passing(ec)) return false;
    ending_.require(ending::broken);
    out.drop();
    return true;
}

// `held`: bytes of memory in use until they are written; 0 for a stream that makes its bytes on demand.
void connection::begin_writing(std::uint64_t held) noexcept {
    auto const &options = owner_.options();
    space_->out.begin_pace({least_rate(options, held), options.write_seconds, options.write_seconds},
                           socket_.unacknowledged());
}

// Writes all responses, and waits while the client does not take them.
task<> connection::write() {
    begin_writing(space_->out.size());
    return write_on({});
}

// Writes the responses that wait, then `content`.
task<> connection::write_on(std::string_view content) {
    auto &out = space_->out;
    auto &share = space_->share;
    while (!is_broken() && !(out.empty() && content.empty())) {
        auto const [first, second] =
            out.empty() ? std::pair(content, std::string_view()) : std::pair(out.waiting(), content);
        error_code ec;
        auto const n = socket_.write_some(first, second, ec);
        content.remove_prefix(out.wrote(n));
        share.moved(n);
        if (share.has_used_up(loop_share::long_turn))
            co_await let_others_run(share); // a client may take it as fast as it is written
        if (ec == asio::error::would_block) {
            out.count_taken(socket_.unacknowledged());
            auto const waited_for = change_to(wait::reader);
            auto const [waited] = co_await socket_.async_wait(transport::wait_type::write, as_values);
            (void)change_to(waited_for);
            share.waited();
            ec = waited;
        }
        if (patience_.has_run_out()) {
            if (!owner_.giving_up()) owner_.count(server_event::slow_reader);
            // What the kernel still holds for this client is not worth keeping.
            socket_.reset();
        }
        if (ec && ec != asio::error::interrupted) ending_.require(ending::broken);
    }
    out.drop();
}

} // namespace phial
