#include "phial/runtime/broadcast_core.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <utility>

namespace phial::detail {
namespace {

// Coroutines that are woken in one turn of a loop: each of them may write to a socket, and others wait meanwhile.
constexpr int most_woken = 64;

} // namespace

broadcast_wait::broadcast_wait(broadcast_core &of, executor const &loop, std::uint64_t number)
    : of_(of),
      timer_(loop, timer::time_point::max()),
      number_(number) {}

broadcast_wait::~broadcast_wait() {
    std::lock_guard const lock(of_.mutex_);
    if (at_ != nullptr) at_->waits.erase(at_->waits.iterator_to(*this));
}

// Under one lock, so that no value comes between the look and the wait. A wake is a later turn of the same loop, and so
// it finds the timer in use.
bool broadcast_wait::begin(std::stop_token const &until) {
    std::lock_guard const lock(of_.mutex_);
    if (of_.is_over(*this) || until.stop_requested()) return false;
    auto &loop = of_.find(timer_.get_executor());
    loop.waits.push_back(*this);
    at_ = &loop;
    return true;
}

bool broadcast_wait::was_woken() const {
    std::lock_guard const lock(of_.mutex_);
    return at_ == nullptr;
}

void broadcast_wait::end() noexcept {
    std::lock_guard const lock(of_.mutex_);
    if (at_ == nullptr) return;
    ends_ = true;
    auto &waits = at_->waits;
    waits.splice(waits.begin(), waits, waits.iterator_to(*this));
    of_.call(*at_);
}

broadcast_core::broadcast_core(std::size_t most) : values_(most) {
    if (most == 0) throw std::invalid_argument("a broadcast keeps at least one value");
}

void broadcast_core::publish(value one) {
    std::unique_lock lock(mutex_);
    if (closed_) return;
    values_[end_ % values_.size()].swap(one);
    ++end_;
    call_all();
    lock.unlock(); // the oldest value is destroyed without it
}

void broadcast_core::close() noexcept {
    std::lock_guard const lock(mutex_);
    closed_ = true;
    call_all();
}

broadcast_core::position broadcast_core::latest(std::size_t most) const {
    std::lock_guard const lock(mutex_);
    return {.next = end_ - std::min<std::uint64_t>(most, end_ - first())};
}

std::optional<broadcast_core::value> broadcast_core::take(position &at, std::stop_token const &until) const {
    std::lock_guard const lock(mutex_);
    if (until.stop_requested()) return value();
    if (at.next == end_) return closed_ ? std::optional(value()) : std::nullopt;
    auto const found = std::max(at.next, first());
    at.missed = found - at.next;
    at.next = found + 1;
    return values_[found % values_.size()];
}

// They are as many as the loops of the process.
waiting_loop &broadcast_core::find(executor const &loop) {
    auto const known = std::ranges::find(loops_, loop, &waiting_loop::loop);
    if (known == loops_.end()) return loops_.emplace_back(loop);
    // Another loop may have been at this address, and has never called wake().
    if (known->waits.empty()) known->is_called = false;
    return *known;
}

// One post for all that wait on a loop. Where none waits the loop may be gone.
void broadcast_core::call(waiting_loop &one) noexcept {
    if (one.is_called || one.waits.empty() || !is_over(one.waits.front())) return;
    try {
        boost::asio::post(one.loop, [self = shared_from_this(), &one] { self->wake(one); });
        one.is_called = true;
    } catch (std::bad_alloc const &) { // NOLINT(bugprone-empty-catch): they wait until the next value, or are cancelled
    }
}

void broadcast_core::call_all() noexcept {
    for (auto &one : loops_) call(one);
}

// On its loop. A coroutine that has had the latest value and waits again comes after all that have not.
void broadcast_core::wake(waiting_loop &one) {
    std::lock_guard const lock(mutex_);
    one.is_called = false;
    for (int n = 0; n < most_woken && !one.waits.empty() && is_over(one.waits.front()); ++n) {
        auto &woken = one.waits.front();
        one.waits.pop_front();
        woken.at_ = nullptr;
        woken.timer_.cancel();
    }
    call(one);
}

} // namespace phial::detail
