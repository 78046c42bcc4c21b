// Takes a request's body off its connection.
#include "http/incoming_body.hpp"

#include "http/connection.hpp"
#include "http/http_error.hpp"

#include <algorithm>

namespace phial {

void incoming_body::begin(connection &from, framing how, bool expects_continue, message_limits const &limits,
                          fields_view fields) {
    from_ = &from;
    fields_ = fields;
    digest_.reset();
    chunked_ = how.chunked;
    if (chunked_) decoder_ = chunk_decoder(limits);
    length_ = left_ = how.length;
    limit_ = limits.body;
    broken_ = reading_ = false;
    skipped_ = 0;
    expects_continue_ = expects_continue && !ended();
}

std::string_view incoming_body::take() {
    auto bytes = from_->unread();
    std::string_view content;
    if (chunked_) {
        auto rest = bytes;
        content = decoder_.next(rest);
        // The size of a chunk announces what has yet to come of it.
        if (content.size() > limit_ || decoder_.left() > limit_ - content.size())
            throw http_error(413, "The body is larger than is accepted here.");
        limit_ -= content.size();
        from_->use(bytes.size() - rest.size());
    } else {
        content = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
        left_ -= content.size();
        from_->use(content.size());
    }
    return content;
}

// A malformed digest is found before the client is asked for the body, and leaves no doubt where that ends.
void incoming_body::begin_reading() {
    if (std::exchange(reading_, true)) return;
    content_digest wanted(fields_);
    if (!wanted.empty()) digest_ = std::move(wanted);
}

task<std::optional<std::string_view>> incoming_body::next() {
    begin_reading();
    bool const waits = std::exchange(expects_continue_, false);
    std::string_view content;
    try {
        for (bool first = true; content = take(), content.empty() && !ended(); first = false)
            co_await from_->read_more(first && waits);
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

bool incoming_body::skip_buffered() noexcept {
    try {
        for (auto content = take(); !content.empty(); content = take()) skipped_ += content.size();
    } catch (http_error const &) {
        broken_ = true;
    }
    return !broken_;
}

} // namespace phial
