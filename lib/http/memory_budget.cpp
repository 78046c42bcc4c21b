// Shares memory out among request bodies.
#include "http/memory_budget.hpp"

#include "http/http_error.hpp"

namespace phial {
namespace {

[[noreturn]] void refuse() {
    throw http_error(503, "The bodies of other requests fill the memory there is for them. Try again in a moment.")
        .add("Retry-After", "1");
}

} // namespace

bool memory_budget::take(std::uint64_t n) noexcept {
    auto used = used_.load(std::memory_order_relaxed);
    do {
        if (n > total_ || used > total_ - n) return false;
    } while (!used_.compare_exchange_weak(used, used + n, std::memory_order_relaxed));
    return true;
}

void memory_share::grow(std::uint64_t n) {
    if (of_ == nullptr) return;
    if (!of_->take(n)) refuse();
    held_ += n;
}

void memory_share::require(std::uint64_t n) const {
    if (of_ != nullptr && (n > of_->total() || of_->used() > of_->total() - n)) refuse();
}

} // namespace phial
