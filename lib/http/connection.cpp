// The life of a connection.
#include "http/connection.hpp"

#include "http/http_error.hpp"
#include "http/response_head.hpp"
#include "http/server_loop.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstring>

namespace phial {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr asio::as_tuple_t<std::remove_const_t<decltype(use_task)>> as_values{use_task};

// Above this a body is written from where it lies instead of being copied behind its head.
constexpr std::size_t copied_body = 16 * 1024;
// Answers that pile up beyond this are written before the next request is looked at.
constexpr std::size_t batch = 64 * 1024;
// How long the first request of a connection is waited for when the server stops.
constexpr unsigned grace_seconds = 1;

} // namespace

connection::connection(tcp_socket socket, server_loop &owner) : socket_(std::move(socket)), owner_(owner) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
    owner_.add(*this);
}

connection::~connection() {
    if (space_) owner_.give_back(std::move(space_));
    owner_.remove(*this);
}

void connection::until(unsigned seconds_from_now) noexcept { deadline_ = owner_.now() + seconds_from_now; }

void connection::check_deadline() noexcept {
    if (deadline_ == 0 || owner_.now() <= deadline_) return;
    deadline_ = 0;
    expired_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

void connection::close_if_idle() noexcept {
    if (!idle_) return;
    if (fresh_) return until(grace_seconds);
    error_code ignored;
    socket_.cancel(ignored);
}

std::string_view connection::unread() const noexcept { return {space_->buffer.get() + begin_, end_ - begin_}; }

// Request by request: wait, read, answer everything that has come whole, write all answers at once. The functions
// called without co_await are the common case; each co_await that is not one costs a coroutine frame.
task<> connection::serve(tcp_socket socket, server_loop &owner) {
    connection c(std::move(socket), owner);
    while (c.prepare_wait()) {
        auto const [waited] = co_await c.socket_.async_wait(tcp_socket::wait_read, as_values);
        if (!c.receive(waited)) break;
        while (!c.closing_ && !c.dead_ && c.next_request()) {
            response rs;
            if (c.refused()) {
                rs = c.refuse();
            } else {
                try {
                    rs = co_await owner.app()(*c.space_->rq);
                } catch (http_error const &e) { // handle_errors lets nothing through; an app without it still answers
                    rs = text(e.what(), "\n").status(e.status());
                } catch (...) {
                    rs = text("Internal Server Error\n").status(500);
                }
            }
            if (!c.finish(rs)) co_await c.finish_slowly(rs);
        }
        if (c.space_ && !c.try_write()) co_await c.write();
    }
    if (c.linger_ && !c.dead_) co_await c.linger();
}

// Gives the work space back and sets the deadline; false when the connection is to be closed.
bool connection::prepare_wait() {
    if (closing_ || dead_) return false;
    if (space_) {
        kept_.assign(unread());
        seen_ = kept_.size();
        owner_.give_back(std::move(space_));
    }
    bool const was_idle = std::exchange(idle_, kept_.empty());
    if (idle_ && owner_.stopping() && !fresh_) return false;
    if (idle_)
        until(owner_.stopping() ? grace_seconds : owner_.options().idle_seconds);
    else if (was_idle || deadline_ == 0)
        until(owner_.options().head_seconds);
    return true;
}

// Takes a work space and reads into it. False when there is nothing more to do.
bool connection::receive(error_code waited) {
    bool const timed_out = std::exchange(expired_, false);
    if (waited && timed_out && idle_) return false;
    space_ = owner_.take_space();
    std::memcpy(space_->buffer.get(), kept_.data(), kept_.size());
    begin_ = 0;
    end_ = kept_.size();
    if (waited && timed_out) {
        why_ = {408, "the header took too long"};
        begin_ = end_;
        space_->rq.emplace(request_head{}, space_->body, owner_.options().traits);
        space_->body.begin(*this, {}, false, 0);
        closing_ = linger_ = true;
        auto rs = refuse();
        append_head(rs);
        space_->out += rs.body();
        return true;
    }
    // A wait cancelled because the server stops may have crossed with a request: one last look.
    auto const result = read();
    if (result == got::end) return false;
    if (result == got::nothing) return !waited;
    return true;
}

connection::got connection::read() {
    error_code ec;
    auto const n = socket_.read_some(asio::buffer(space_->buffer.get() + end_, work_space::capacity - end_), ec);
    if (ec == asio::error::would_block || ec == asio::error::interrupted) return got::nothing;
    if (ec) return got::end;
    end_ += n;
    return got::bytes;
}

// Whether there is a request to answer: a whole one, or one that is to be refused.
bool connection::next_request() {
    if (begin_ == end_) return false;
    auto const bytes = unread();
    if (seen_ > 0 && !head_parser::may_be_complete(bytes, std::exchange(seen_, bytes.size()))) return false;
    seen_ = 0;
    auto &head = space_->head;
    auto const result = head.parse(bytes);
    if (result == head_parser::result::need_more) return false;
    fresh_ = idle_ = false;
    deadline_ = 0;
    why_ = result == head_parser::result::refused ? head.why() : refusal{};
    auto const &options = owner_.options();
    bool const framed = !refused() || head.framing_is_known();
    if (!refused() && head.body().length > options.body) why_ = {413, "the body is larger than is accepted here"};
    use(framed ? head.size() : bytes.size());
    body_begin_ = begin_;
    space_->body.begin(*this, framed ? head.body() : framing{}, head.expects_continue(), options.body);
    space_->rq.emplace(head.head(), space_->body, options.traits);
    closing_ = !framed || !head.keep_alive() || why_.status == 417;
    linger_ = !framed;
    return true;
}

response connection::refuse() { return owner_.refuse()(*space_->rq, why_); }

// The common case of answering: the body was read (or has come whole, and is passed over), the response is whole and
// small. False when it is not that simple.
bool connection::finish(response &rs) {
    auto &body = space_->body;
    if (!body.ended() && !(body.awaits_continue() || body.broken())) (void)body.skip_buffered();
    if (!body.ended() || body.broken() || rs.stream() != nullptr || rs.body().size() > copied_body ||
        space_->out.size() > batch)
        return false;
    // A server that stops ends the connection behind the last request that has come.
    closing_ = closing_ || (owner_.stopping() && begin_ == end_);
    linger_ = linger_ || (closing_ && begin_ != end_);
    append_head(rs);
    if (sends_content(rs)) space_->out += rs.body();
    return true;
}

task<> connection::finish_slowly(response &rs) {
    auto &body = space_->body;
    auto const &options = owner_.options();
    bool const droppable = !body.awaits_continue() && !body.broken() && !body.longer_than(options.dropped_body);
    if (!body.ended() && droppable && rs.status() < 400) {
        // A message that ends before its announced length is not processed, so there is no "done" before its end.
        co_await drop_body();
    }
    if (body.broken() && rs.status() < 400) {
        why_ = {400, "the body is malformed or ends before its announced length"};
        rs = refuse();
    }
    closing_ = closing_ || body.broken() || (!body.ended() && !droppable);
    linger_ = linger_ || body.broken();
    closing_ = closing_ || (owner_.stopping() && begin_ == end_ && body.ended());
    append_head(rs);
    if (sends_content(rs)) {
        if (rs.stream() != nullptr)
            co_await stream(*rs.stream(), is_chunked(rs, space_->rq->head().minor_version));
        else
            co_await write(rs.body());
    }
    if (!closing_ && !body.ended()) {
        if (!try_write()) co_await write();
        co_await drop_body();
        if (!body.ended()) closing_ = true;
    }
    linger_ = linger_ || (closing_ && !(body.ended() && begin_ == end_));
}

// Reads and drops a body, up to the bound for that.
task<> connection::drop_body() {
    auto &body = space_->body;
    std::uint64_t dropped = 0;
    try {
        while (auto const bytes = co_await body.next()) {
            dropped += bytes->size();
            if (dropped > owner_.options().dropped_body) break;
        }
    } catch (http_error const &) { // NOLINT(bugprone-empty-catch): body.broken() says it
    }
}

void connection::append_head(response const &rs) {
    auto const minor_version = space_->rq->head().minor_version;
    closing_ = closing_ || ends_with_connection(rs, minor_version);
    append_response_head(space_->out, rs, {minor_version, closing_, owner_.common_fields()});
}

bool connection::sends_content(response const &rs) const noexcept {
    return space_->rq->head().verb != method::head && !has_no_content(rs.status());
}

// Writes what a stream gives, framed as append_head announced it. A stream that fails or says less than its length ends
// the connection: that is how the client learns of it.
task<> connection::stream(body_stream &source, bool chunked) {
    auto left = source.length().value_or(UINT64_MAX);
    try {
        while (auto const bytes = co_await source.next()) {
            if (bytes->size() > left) throw http_error(500, "A streamed body is longer than its length.");
            left -= bytes->size();
            if (chunked) {
                std::array<char, 20> size{};
                auto const n = std::snprintf(size.data(), size.size(), "%zx\r\n", bytes->size());
                space_->out.append(size.data(), static_cast<std::size_t>(n));
            }
            co_await write(*bytes);
            if (chunked) space_->out += "\r\n";
            if (dead_) co_return;
        }
        if (chunked) space_->out += "0\r\n\r\n";
        if (source.length() && left != 0) dead_ = true;
    } catch (...) {
        dead_ = true;
    }
}

// One attempt to write all answers without waiting; true when nothing is left to write.
bool connection::try_write() {
    auto &out = space_->out;
    if (out.empty() || dead_) return true;
    error_code ec;
    auto const n = socket_.write_some(asio::buffer(out), ec);
    if (ec && ec != asio::error::would_block && ec != asio::error::interrupted) {
        dead_ = true;
        return true;
    }
    if (n == out.size()) {
        out.clear();
        return true;
    }
    out.erase(0, n);
    return false;
}

// Writes all answers, then `tail`, waiting for the client to take them.
task<> connection::write(std::string_view tail) {
    if (dead_) co_return;
    std::array<asio::const_buffer, 2> const both{asio::buffer(space_->out), asio::buffer(tail.data(), tail.size())};
    until(owner_.options().write_seconds);
    auto const [ec, n] = co_await asio::async_write(socket_, both, as_values);
    deadline_ = 0;
    if (ec) dead_ = true;
    space_->out.clear();
    if (space_->out.capacity() > work_space::kept_output) space_->out = {};
}

task<> connection::read_more(bool send_continue) {
    if (send_continue) space_->out += "HTTP/1.1 100 Continue\r\n\r\n";
    if (!try_write()) co_await write();
    if (begin_ == end_) begin_ = end_ = body_begin_;
    for (;;) {
        if (dead_) throw http_error(400, "The connection broke before the body's end.");
        auto const result = read();
        if (result == got::bytes) co_return;
        if (result == got::end) throw http_error(400, "The body ended before its announced length.");
        until(owner_.options().body_seconds);
        auto const [ec] = co_await socket_.async_wait(tcp_socket::wait_read, as_values);
        deadline_ = 0;
        if (std::exchange(expired_, false)) throw http_error(408, "The body came too slowly.");
        if (ec) throw http_error(400, "The connection broke before the body's end.");
    }
}

// Closing while the client still sends makes the kernel reset the connection, and the client loses the answer. So only
// our side is closed, and what comes is dropped until the client has closed its side.
task<> connection::linger() {
    error_code ec;
    socket_.shutdown(tcp_socket::shutdown_send, ec);
    if (!space_) space_ = owner_.take_space();
    until(owner_.options().linger_seconds);
    for (std::uint64_t dropped = 0; dropped < owner_.options().linger_bytes && !expired_;) {
        end_ = 0;
        auto const result = read();
        if (result == got::end) break;
        dropped += end_;
        if (result == got::bytes) continue;
        auto const [failed] = co_await socket_.async_wait(tcp_socket::wait_read, as_values);
        if (failed) break;
    }
}

} // namespace phial
