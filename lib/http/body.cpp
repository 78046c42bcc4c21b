#include "phial/http/body.hpp"

#include "phial/http/http_error.hpp"

#include <algorithm>

namespace phial {
namespace {

// At most this many bytes of a held text are given at a time; their memory is given back at the next call.
constexpr std::size_t most_at_once = 256 * 1024;

} // namespace

http_error body_too_large(std::uint64_t limit) {
    return http_error(413, "The body is larger than the " + std::to_string(limit) + " bytes accepted here.");
}

task<std::optional<std::string_view>> body_stream::next_into(std::span<char>) { return next(); }

task<std::optional<std::string_view>> string_body::next() {
    if (given_ || content_.empty()) co_return std::nullopt;
    given_ = true;
    co_return content_;
}

std::optional<std::string_view> string_body::whole() {
    if (std::exchange(given_, true)) return std::nullopt;
    return content_;
}

held_body::held_body(std::vector<std::shared_ptr<held_text>> texts) : texts_(std::move(texts)) {
    for (auto const &t : texts_) length_ += t->size();
}

task<std::optional<std::string_view>> held_body::next() {
    while (text_ < texts_.size()) {
        auto &text = texts_[text_];
        auto const piece = text->view().substr(given_, most_at_once);
        if (!piece.empty()) {
            if (text.use_count() == 1) text->release_front(given_);
            given_ += piece.size();
            co_return piece;
        }
        text.reset();
        ++text_;
        given_ = 0;
    }
    co_return std::nullopt;
}

std::optional<std::string_view> arrived_content(body_stream &body, std::uint64_t limit,
                                                std::shared_ptr<memory_account> const &account) {
    auto const length = body.length();
    if (length.value_or(0) > limit) throw body_too_large(limit);
    if (account) account->require(length.value_or(0));
    auto const content = body.whole();
    if (content && content->size() > limit) throw body_too_large(limit);
    return content;
}

// Memory is taken as bytes arrive, not as they are announced: an announcement costs a client nothing.
task<held_text> read_all(body_stream &body, std::uint64_t limit, std::shared_ptr<memory_account> account) {
    auto const arrived = arrived_content(body, limit, account);
    auto const length = body.length();
    held_text all(std::move(account));
    if (arrived) {
        all.append(*arrived);
        co_return all;
    }
    while (auto const bytes = co_await body.next()) {
        auto const size = all.size() + bytes->size();
        if (size > limit) throw body_too_large(limit);
        if (size > all.capacity()) {
            auto const half_as_much = all.capacity() + all.capacity() / 2;
            all.reserve(std::min<std::uint64_t>(std::max(size, half_as_much), length.value_or(limit)));
        }
        all.append(*bytes);
    }
    co_return all;
}

} // namespace phial
