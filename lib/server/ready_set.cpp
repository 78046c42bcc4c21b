#include "phial/server/ready_set.hpp"

#include "phial/server/transport.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>

namespace phial {
namespace {

using boost::system::error_code;

int make_set() {
    int const set = ::epoll_create1(EPOLL_CLOEXEC);
    if (set < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    return set;
}

} // namespace

ready_set::ready_set(executor e) : set_(std::in_place, e, make_set()), number_(set_->native_handle()) { wait(); }

void ready_set::watch(transport &t, bool to_read) noexcept {
    std::uint32_t const events = to_read ? EPOLLIN : EPOLLOUT;
    if (t.events_ != events) change(t, events);
}

void ready_set::change(transport &t, std::uint32_t events) noexcept {
    epoll_event event{events, {&t}};
    if (::epoll_ctl(number_, t.events_ == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, t.socket_.get(), &event) != 0) {
        t.failure_ = errno;
        return cancel(t);
    }
    if (t.events_ == 0) {
        ++size_;
        members_.push_back(t);
    }
    t.events_ = events;
}

void ready_set::remove(transport &t) noexcept {
    t.unlink();
    for (auto &event : left_)
        if (event.data.ptr == &t) event.data.ptr = nullptr;
    if (t.events_ == 0) return;
    --size_;
    t.events_ = 0;
    // A descriptor that is closed leaves the set by itself, but not while a child process has it, too.
    epoll_event none{};
    (void)::epoll_ctl(number_, EPOLL_CTL_DEL, t.socket_.get(), &none);
}

void ready_set::cancel(transport &t) noexcept {
    if (std::exchange(t.is_cancelled_, true)) return;
    t.unlink();
    cancelled_.push_back(t);
    error_code ignored;
    if (set_) set_->cancel(ignored); // collect() is called
}

void ready_set::tick() noexcept {
    wait();
    if (cancelled_.empty()) return;
    error_code ignored;
    set_->cancel(ignored);
}

void ready_set::wait() noexcept {
    if (waiting_) return;
    try {
        set_->async_wait(descriptor::wait_read, [this](error_code const &ec) {
            waiting_ = false;
            collect(ec);
        });
        waiting_ = true;
    } catch (std::bad_alloc const &) { // NOLINT(bugprone-empty-catch): tick() tries again
    }
}

void ready_set::collect(error_code const &ec) {
    // Also when a completion throws: what is left of the events then comes once more.
    struct finally {
        ready_set &set;
        ~finally() {
            set.left_ = {};
            set.tick();
        }
    } const waits_again{*this};
    complete_cancelled();
    if (ec) return;
    // Asio's other handlers have their turn after as many events as fit into events_.
    for (std::size_t n = 0; n < events_.size();) {
        left_ = ready(events_.size() - n);
        auto const found = left_.size();
        n += found;
        while (!left_.empty()) {
            auto *const t = static_cast<transport *>(left_.front().data.ptr);
            left_ = left_.subspan(1);
            if (t != nullptr) complete(*t);
        }
        // Asking the set costs one system call, and a wait of Asio's three. Under load others are ready by now: unless
        // this one came alone, or is the only member left.
        if (found == 0 || n == 1 || size_ == 1) return;
    }
}

// With one member it is known which is ready: a client that is alone causes one system call less.
std::span<epoll_event> ready_set::ready(std::size_t most) noexcept {
    if (size_ == 1 && !members_.empty()) {
        events_[0].data.ptr = static_cast<transport *>(&members_.front());
        return std::span(events_).first(1);
    }
    int const n = ::epoll_wait(number_, events_.data(), static_cast<int>(most), 0);
    return std::span(events_).first(static_cast<std::size_t>(std::max(n, 0)));
}

void ready_set::complete(transport &t) {
    if (t.is_cancelled_) return;
    if (t.waits()) return t.complete({});
    remove(t); // its handler works, and what has come waits until it is done
}

void ready_set::complete_cancelled() {
    while (!cancelled_.empty()) {
        auto &t = static_cast<transport &>(cancelled_.front());
        t.unlink();
        if (t.events_ != 0) members_.push_back(t);
        t.is_cancelled_ = false;
        auto const failure = std::exchange(t.failure_, 0);
        if (failure == 0)
            t.complete(boost::asio::error::operation_aborted);
        else
            t.complete(error_code(failure, boost::system::system_category()));
    }
}

void ready_set::close() noexcept {
    set_.reset();
    for (auto *list : {&members_, &cancelled_}) {
        while (!list->empty()) {
            auto &t = static_cast<transport &>(list->front());
            t.unlink();
            t.events_ = 0;
            t.drop_wait();
        }
    }
}

} // namespace phial
