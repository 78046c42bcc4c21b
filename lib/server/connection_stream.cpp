// How the stream of a response becomes bytes.
#include "phial/http/http_error.hpp"
#include "phial/server/chunked.hpp"
#include "phial/server/connection.hpp"
#include "phial/server/server_loop.hpp"

namespace phial {
namespace {

namespace asio = boost::asio;

} // namespace

// Writes a stream, framed as append_head announced it. A stream that fails or is shorter than its length ends the
// connection: that is how the client notices.
task<> connection::stream(body_stream &source) {
    auto left = source.length().value_or(UINT64_MAX);
    auto const held = source.held();
    std::exception_ptr failure;
    bool is_complete = false;
    rq().notes.cancelled = {}; // that was the handler
    space_->streamed = &source;
    if (!source.length()) socket_.watch_peer();
    begin_writing(held);
    // Its first event may be long in coming, and until the head has come a browser does not know that it is connected.
    if (source.is_endless()) (void)try_write();
    try {
        while (!is_broken() && !owner_.giving_up() && !(source.is_endless() && owner_.draining())) {
            patience_.wait_for_piece(source.is_endless());
            auto const bytes = co_await source.next();
            (void)change_to(wait::none);
            if (!bytes) {
                is_complete = !source.length() || left == 0;
                break;
            }
            if (bytes->size() > left) throw http_error(500, "A streamed body is longer than its length.");
            left -= bytes->size();
            if (held == 0) begin_writing(0); // the time between two pieces does not count
            if (space_->is_chunked)
                co_await write_chunk(*bytes);
            else
                co_await write_on(*bytes);
            // To make a piece takes longer than to send it.
            if (!source.length()) co_await let_others_run(space_->share);
        }
    } catch (...) {
        failure = std::current_exception();
    }
    (void)change_to(wait::none);
    space_->streamed = nullptr;
    // If it was cancelled, the next co_await would throw.
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    if (!is_broken()) end_stream(source, is_complete, failure);
}

void connection::end_stream(body_stream const &source, bool is_complete, std::exception_ptr const &failure) {
    bool const was_cancelled = !rq().notes.cancelled.empty();
    // An endless stream that waits is cancelled to end it.
    if (was_cancelled || !(is_complete || (source.is_endless() && owner_.draining()))) {
        // Without chunks and a length the end of the connection is the end of the body: only a reset says that it is
        // not.
        if (!space_->is_chunked && !source.length()) socket_.reset();
        ending_.require(ending::broken);
        if (failure && !was_cancelled && owner_.app().failed) owner_.app().failed(rq(), failure);
        return;
    }
    if (space_->is_chunked) space_->out += last_chunk;
    if (owner_.draining()) ending_.require(ending::close); // the head may not have said it
}

// A small chunk is one write. A large one is written from its own memory.
task<> connection::write_chunk(std::string_view content) {
    auto &out = space_->out;
    if (content.size() <= body_builder::small_body) {
        append_chunk(out, content);
    } else {
        append_chunk_size(out, content.size());
        co_await write_on(content);
        out += chunk_end;
    }
    co_await write_on({});
}

// It shows proxies that the connection is alive. When the client has acknowledged nothing since the last one, it has
// gone without a word.
void connection::beat() noexcept {
    auto &out = space_->out;
    if (!out.is_taken(socket_.unacknowledged())) return act(patience_.lose_client());
    auto const text = space_->streamed->heartbeat();
    if (text.empty() || !out.empty()) return;
    try {
        if (space_->is_chunked)
            append_chunk(out, text);
        else
            out += text;
    } catch (std::bad_alloc const &) { // the next one may have memory
        out.drop();
    }
    (void)try_write();
}

} // namespace phial
