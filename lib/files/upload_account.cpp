#include "phial/files/upload_account.hpp"

#include "phial/http/http_error.hpp"

namespace phial {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

[[noreturn]] void reject_for_lack_of_room() {
    throw http_error(507, "The uploads under way leave no room for this one.");
}

} // namespace

upload_counts upload_account::counts() const noexcept {
    return {.written = written_.load(relaxed),
            .abandoned = abandoned_.load(relaxed),
            .failed = failed_.load(relaxed),
            .refused = refused_.load(relaxed),
            .bytes = bytes_.load(relaxed),
            .under_way = places_.used(),
            .bytes_under_way = space_.used()};
}

upload_share::upload_share(upload_account &account, std::uint64_t announced) : account_(account), held_(announced) {
    if (!account_.places_.take(1)) {
        account_.refused_.fetch_add(1, relaxed);
        throw http_error(503, "Too many uploads are under way. Try again in a moment.").add("Retry-After", "1");
    }
    if (account_.space_.take(announced)) return;
    account_.places_.give_back(1);
    account_.refused_.fetch_add(1, relaxed);
    reject_for_lack_of_room();
}

upload_share::~upload_share() {
    account_.space_.give_back(held_);
    account_.places_.give_back(1);
    switch (result_) {
    case result::abandoned: account_.abandoned_.fetch_add(1, relaxed); return;
    case result::failed: account_.failed_.fetch_add(1, relaxed); return;
    case result::written:
        account_.written_.fetch_add(1, relaxed);
        account_.bytes_.fetch_add(size_, relaxed);
        return;
    }
}

void upload_share::add(std::uint64_t n) {
    auto const size = size_ + n;
    if (size > held_) {
        if (!account_.space_.take(size - held_)) {
            result_ = result::failed;
            reject_for_lack_of_room();
        }
        held_ = size;
    }
    size_ = size;
}

} // namespace phial
