#include "phial/http/handler.hpp"

namespace phial {

void outcome::succeed(request &rq, response &&rs) noexcept {
    state_.emplace<response>(std::move(rs));
    if (errors_ != nullptr) errors_->responded(rq);
}

void outcome::fail(request &rq, http_error const &thrown) noexcept {
    if (errors_ != nullptr) {
        state_.emplace<response>(errors_->respond_to(rq, thrown));
        return;
    }
    try {
        state_.emplace<response>(phial::text(thrown.what(), "\n").status(thrown.status()));
    } catch (...) { // no memory for the text
        state_.emplace<response>(thrown.status());
    }
}

void outcome::fail(request &rq, std::exception_ptr const &thrown) noexcept {
    if (errors_ != nullptr)
        state_.emplace<response>(errors_->respond_to(rq, thrown));
    else
        state_.emplace<response>(rq.notes.cancelled.empty() ? 500 : rq.notes.cancelled_status);
}

task<response> outcome::as_task(outcome o, request &rq) {
    if (auto *const t = o.pending(); t != nullptr && o.errors_ == nullptr) return std::move(*t);
    return finish(std::move(o), rq);
}

task<response> outcome::finish(outcome o, request &rq) {
    if (auto *const e = o.error()) throw std::move(*e);
    if (auto *const t = o.pending()) {
        try {
            auto rs = co_await std::move(*t);
            o.succeed(rq, std::move(rs));
        } catch (http_error const &e) {
            o.fail(rq, e);
        } catch (...) {
            o.fail(rq, std::current_exception());
        }
    }
    co_return std::move(*o.value());
}

} // namespace phial
