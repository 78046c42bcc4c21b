#include "phial/http/memory_account.hpp"

#include "phial/http/http_error.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "phial/text/concat.hpp"

#include <cstdlib>
#include <exception>
#include <utility>

namespace phial {
namespace {

[[noreturn]] void refuse_for_now() {
    throw http_error(503, "Other requests use all the memory for bodies. Try again in a moment.")
        .add("Retry-After", "1");
}

} // namespace

void memory_account::refuse_too_large(std::uint64_t n) const {
    if (n > quota_->total() || held() > quota_->total() - n)
        throw http_error(413, concat("The body, or what is made from it, needs more than the ", quota_->total(),
                                     " bytes of memory for all bodies."));
}

void memory_account::take(std::uint64_t n) {
    if (quota_ == nullptr) {
        held_.fetch_add(n, std::memory_order_relaxed);
        return;
    }
    if (!quota_->take(n)) {
        refuse_too_large(n);
        refuse_for_now();
    }
    held_.fetch_add(n, std::memory_order_relaxed);
}

void memory_account::give_back(std::uint64_t n) noexcept {
    held_.fetch_sub(n, std::memory_order_relaxed);
    if (quota_ != nullptr) quota_->give_back(n);
}

void memory_account::require(std::uint64_t n) const {
    if (quota_ == nullptr) return;
    refuse_too_large(n);
    if (quota_->used() > quota_->total() - n) refuse_for_now();
}

// NOLINTBEGIN(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): see held_buffer
void memory_account::free_block(void *block, memory_share share) noexcept {
    if (pool_ == nullptr) return std::free(block);
    try {
        // `share` keeps the account alive. It is given back with the job, after the block was freed.
        pool_->submit([block, counted = std::move(share)]() noexcept { std::free(block); });
    } catch (std::exception const &) { // no memory for a job
        std::free(block);
    }
}
// NOLINTEND(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)

} // namespace phial
