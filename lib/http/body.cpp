// Bodies in memory.
#include "http/body.hpp"

#include "http/http_error.hpp"

#include <algorithm>

namespace phial {
namespace {

http_error too_large(std::uint64_t limit) {
    return http_error(413, "The body is larger than the " + std::to_string(limit) + " bytes accepted here.");
}

} // namespace

task<std::optional<std::string_view>> body_stream::next_into(std::span<char>) { return next(); }

task<std::optional<std::string_view>> string_body::next() {
    if (given_ || content_.empty()) co_return std::nullopt;
    given_ = true;
    co_return content_;
}

// Memory is taken as bytes come, not as they are announced: announcing costs a client nothing.
task<std::string> read_all(body_stream &body, std::uint64_t limit, memory_share &memory) {
    auto const length = body.length();
    if (length.value_or(0) > limit) throw too_large(limit);
    memory.require(length.value_or(0));
    std::string all;
    while (auto const bytes = co_await body.next()) {
        auto const size = all.size() + bytes->size();
        if (size > limit) throw too_large(limit);
        if (size > all.capacity()) {
            auto const capacity = std::min(std::max<std::uint64_t>(size, 2 * all.capacity()), length.value_or(limit));
            memory.grow(capacity - all.capacity());
            all.reserve(capacity);
        }
        all += *bytes;
    }
    co_return all;
}

} // namespace phial
