// Bodies in memory.
#include "http/body.hpp"

#include "http/http_error.hpp"

namespace phial {
namespace {

http_error too_large(std::uint64_t limit) {
    return http_error(413, "The body is larger than the " + std::to_string(limit) + " bytes accepted here.");
}

} // namespace

task<std::optional<std::string_view>> string_body::next() {
    if (given_ || content_.empty()) co_return std::nullopt;
    given_ = true;
    co_return content_;
}

task<std::string> read_all(body_stream &body, std::uint64_t limit) {
    if (body.length().value_or(0) > limit) throw too_large(limit);
    std::string all;
    while (auto const bytes = co_await body.next()) {
        if (bytes->size() > limit - all.size()) throw too_large(limit);
        all += *bytes;
    }
    co_return all;
}

} // namespace phial
