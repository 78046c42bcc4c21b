#include "phial/server/incoming_body.hpp"

#include "phial/http/content_coding.hpp"
#include "phial/http/http_error.hpp"
#include "phial/server/connection.hpp"

#include <algorithm>

namespace phial {
namespace {

// Below this many announced bytes, reading straight into the caller's room is not worthwhile.
constexpr std::size_t worth_reading_apart = 4 * 1024;
// For small chunks no more than this is read; otherwise most of the next chunk is read too, and what is left of it is
// again too small to be read straight into the room.
constexpr std::size_t read_for_small_ones = 8 * 1024;
// Room for the end of a chunk and the size of the next one.
constexpr std::size_t framing_room = 32;

} // namespace

void incoming_body::begin(connection &owner, framing framing_of_body, bool expects_continue,
                          message_limits const &limits, fields_view fields) {
    connection_ = &owner;
    fields_ = fields;
    digest_.reset();
    chunked_ = framing_of_body.chunked;
    announced_ = framing_of_body.announced;
    lacks_length_ = framing_of_body.lacks_length;
    if (chunked_) decoder_ = chunk_decoder(limits);
    length_ = left_ = framing_of_body.length;
    limit_ = limits.body;
    broken_ = too_large_ = reading_ = false;
    skipped_ = 0;
    expects_continue_ = expects_continue && !ended();
}

std::string_view incoming_body::take() {
    auto bytes = connection_->unread();
    std::string_view content;
    if (chunked_) {
        auto rest = bytes;
        content = decoder_.next(rest);
        // The size of a chunk counts as soon as its line is complete, not earlier: a malformed line is rejected as
        // malformed, wherever it was cut.
        too_large_ = content.size() > limit_ || decoder_.content_left() > limit_ - content.size();
        if (too_large_) throw http_error(413, "The body is larger than is accepted here.");
        limit_ -= content.size();
        connection_->use(bytes.size() - rest.size());
    } else {
        content = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
        left_ -= content.size();
        connection_->use(content.size());
    }
    return content;
}

// A malformed digest or a content coding is found before the client is asked for the body, and it is still known where
// the body ends. In HTTP/1.0 without a length it is not: what follows may be the body, so the connection must end.
void incoming_body::begin_reading() {
    if (std::exchange(reading_, true)) return;
    broken_ = lacks_length_;
    if (lacks_length_)
        throw http_error(400, "A request of HTTP/1.0 with a body announces its length by Content-Length.");
    require_no_content_coding(fields_);
    if (!content_digest::is_in(fields_)) return;
    content_digest wanted(fields_);
    if (!wanted.empty()) digest_ = std::move(wanted);
}

// Reads more. Content goes straight into `room` where that is worthwhile; returns the number of those bytes. The
// framing of chunks, small chunks and short rests go through the buffer of the connection.
task<std::size_t> incoming_body::read_more(bool send_continue, std::span<char> room) {
    auto const announced = chunked_ ? decoder_.content_left() : left_;
    if (room.empty()) return connection_->read_more(send_continue, {}, inbox::capacity);
    if (announced < worth_reading_apart) return connection_->read_more(send_continue, {}, read_for_small_ones);
    if (announced > room.size()) return connection_->read_more(send_continue, room, 0);
    return connection_->read_more(send_continue, room.first(static_cast<std::size_t>(announced)), framing_room);
}

// `n` bytes of content were read without take().
void incoming_body::count_read(std::size_t n) noexcept {
    if (chunked_) {
        decoder_.skip(n);
        limit_ -= n;
    } else {
        left_ -= n;
    }
}

task<std::optional<std::string_view>> incoming_body::next_into(std::span<char> room) {
    begin_reading();
    bool const waits = std::exchange(expects_continue_, false);
    std::string_view content;
    try {
        for (bool first = true; content = take(), content.empty() && !ended(); first = false) {
            auto const n = co_await read_more(first && waits, room);
            if (n == 0) continue;
            count_read(n);
            content = {room.data(), n};
            break;
        }
    } catch (...) {
        broken_ = true;
        throw;
    }
    if (content.empty()) {
        if (digest_) digest_->check();
        co_return std::nullopt;
    }
    if (digest_) digest_->update(content);
    co_return content;
}

std::optional<std::string_view> incoming_body::whole() {
    if (reading_ || chunked_ || left_ > connection_->unread().size()) return std::nullopt;
    begin_reading();
    expects_continue_ = false;
    auto const content = take();
    if (digest_) {
        digest_->update(content);
        digest_->check();
    }
    return content;
}

bool incoming_body::skip_buffered(std::uint64_t most) noexcept {
    try {
        while (skipped_ <= most) {
            auto const content = take();
            if (content.empty()) break;
            skipped_ += content.size();
        }
    } catch (http_error const &) {
        broken_ = true;
    }
    return !broken_;
}

} // namespace phial
