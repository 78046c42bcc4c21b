#include "phial/http/handler.hpp"

namespace phial {

// The guards from number n on have not been called yet.
void outcome::succeed(request &rq, response &&rs, std::size_t n) noexcept {
    if (auto const *const w = std::get_if<waiting>(&state_))
        for (; auto const *const one = w->guard(n); ++n) one->responded(rq);
    state_.emplace<response>(std::move(rs));
}

// Asks the guards from number n on. False: none has responded; `instead` is what the last of them threw, if any did.
template <class Error>
bool outcome::ask(request &rq, Error const &thrown, std::size_t n, std::exception_ptr &instead) noexcept {
    auto const *const w = std::get_if<waiting>(&state_);
    if (w == nullptr) return false;
    for (; auto const *const one = w->guard(n); ++n) {
        try {
            if (auto rs = one->respond_to(rq, thrown)) {
                succeed(rq, std::move(*rs), n + 1);
                return true;
            }
        } catch (http_error const &e) {
            instead = std::current_exception();
            return ask(rq, e, n + 1, instead);
        } catch (...) {
            instead = std::current_exception();
            return ask(rq, std::exception_ptr(instead), n + 1, instead);
        }
    }
    return false;
}

template <class Error>
void outcome::fail_with(request &rq, Error const &thrown) noexcept {
    std::exception_ptr instead;
    if (ask(rq, thrown, 0, instead)) return;
    if (!instead) return respond_plainly(rq, thrown);
    try {
        std::rethrow_exception(instead);
    } catch (http_error const &e) {
        respond_plainly(rq, e);
    } catch (...) {
        respond_plainly(rq, instead);
    }
}

void outcome::fail(request &rq, http_error const &thrown) noexcept { fail_with(rq, thrown); }

void outcome::fail(request &rq, std::exception_ptr const &thrown) noexcept { fail_with(rq, thrown); }

void outcome::respond_plainly(request &, http_error const &thrown) noexcept {
    try {
        state_.emplace<response>(phial::text(thrown.what(), "\n").status(thrown.status()));
    } catch (...) { // no memory for the text
        state_.emplace<response>(thrown.status());
    }
}

void outcome::respond_plainly(request &rq, std::exception_ptr const &) noexcept {
    state_.emplace<response>(rq.notes.cancelled.empty() ? 500 : rq.notes.cancelled_status);
}

task<response> outcome::as_task(outcome o, request &rq) {
    if (auto *const w = std::get_if<waiting>(&o.state_); w != nullptr && !w->is_guarded()) return std::move(w->work);
    return finish(std::move(o), rq);
}

// What no guard responds to is for the caller, as without any guard.
task<response> outcome::finish(outcome o, request &rq) {
    if (auto *const e = o.error()) throw std::move(*e);
    if (auto *const t = o.pending()) {
        std::exception_ptr instead;
        try {
            auto rs = co_await std::move(*t);
            o.succeed(rq, std::move(rs));
        } catch (http_error const &e) {
            if (!o.ask(rq, e, 0, instead) && !instead) throw;
        } catch (...) {
            if (!o.ask(rq, std::current_exception(), 0, instead) && !instead) throw;
        }
        if (o.pending() != nullptr) std::rethrow_exception(instead);
    }
    co_return std::move(*o.value());
}

} // namespace phial
