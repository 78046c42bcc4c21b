// The one type of everything that responds to a request, and what calling it gives.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"
#include "phial/runtime/task.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace phial {

/// Turns what a handler throws into its response: the error handlers of an app or of a blueprint. It outlives all
/// requests, and all loops use it at the same time.
class error_responder {
  public:
    virtual ~error_responder() = default;
    /// Nothing: the next outer one is asked. What this throws goes there instead of `thrown`.
    [[nodiscard]] virtual std::optional<response> respond_to(request &rq, http_error const &thrown) const = 0;
    [[nodiscard]] virtual std::optional<response> respond_to(request &rq, std::exception_ptr const &thrown) const = 0;
    /// Called when a handler that waited has responded without throwing, or an inner error_responder has.
    virtual void responded(request &rq) const noexcept = 0;
};

/// What calling a handler gives: a response, an error that will become one, or a task that is still to be awaited. A
/// handler that never waits returns a response or an http_error; that is cheaper than a task or a throw.
class [[nodiscard]] outcome {
  public:
    outcome(response &&rs) noexcept : state_(std::move(rs)) {}
    outcome(http_error &&e) noexcept : state_(std::move(e)) {}
    outcome(http_error const &e) : state_(e) {}
    outcome(task<response> t) noexcept : state_(waiting{std::move(t), {}, {}}) {}

    /// From now on `errors` responds to what the task throws, if no earlier guard does: those are further inside.
    /// Nothing happens to a response or an error: the caller has them already.
    void guard(error_responder const &errors) {
        if (auto *const w = std::get_if<waiting>(&state_)) w->add(errors);
    }

    /// The response, once there is one; else null.
    [[nodiscard]] response *value() noexcept { return std::get_if<response>(&state_); }
    /// The error, if the handler returned one; else null.
    [[nodiscard]] http_error *error() noexcept { return std::get_if<http_error>(&state_); }
    /// The task, until there is a response; else null. Whoever awaits it calls succeed() or fail() then.
    [[nodiscard]] task<response> *pending() noexcept {
        auto *const w = std::get_if<waiting>(&state_);
        return w == nullptr ? nullptr : &w->work;
    }

    /// The task has given a response.
    void succeed(request &rq, response &&rs) noexcept { succeed(rq, std::move(rs), 0); }
    /// The handler has thrown. A guard responds; if none does, the response is the message of an http_error, or only a
    /// status code.
    void fail(request &rq, http_error const &thrown) noexcept;
    void fail(request &rq, std::exception_ptr const &thrown) noexcept;

    /// All of it as a task, which throws the error. For layers: the server awaits without this frame.
    [[nodiscard]] static task<response> as_task(outcome o, request &rq);

  private:
    struct waiting {
        void add(error_responder const &errors) {
            for (auto &free : inner)
                if (free == nullptr) {
                    free = &errors;
                    return;
                }
            if (!outer) outer = std::make_unique<std::vector<error_responder const *>>();
            outer->push_back(&errors);
        }
        // Null after the last one.
        [[nodiscard]] error_responder const *guard(std::size_t n) const noexcept {
            if (n < inner.size()) return inner[n];
            n -= inner.size();
            return outer && n < outer->size() ? (*outer)[n] : nullptr;
        }
        [[nodiscard]] bool is_guarded() const noexcept { return inner[0] != nullptr; }

        task<response> work;
        // The common case is a blueprint's and the app's: they need no memory, and little to move.
        std::array<error_responder const *, 2> inner;
        std::unique_ptr<std::vector<error_responder const *>> outer;
    };

    void succeed(request &rq, response &&rs, std::size_t n) noexcept;
    template <class Error>
    [[nodiscard]] bool ask(request &rq, Error const &thrown, std::size_t n, std::exception_ptr &instead) noexcept;
    template <class Error>
    void fail_with(request &rq, Error const &thrown) noexcept;
    void respond_plainly(request &rq, http_error const &thrown) noexcept;
    void respond_plainly(request &rq, std::exception_ptr const &thrown) noexcept;
    [[nodiscard]] static task<response> finish(outcome o, request &rq);

    std::variant<response, http_error, waiting> state_;
};

/// The type of a generator, which becomes an outcome.
template <class T>
concept generated = requires { typename T::format::piece; };

/// Any callable that takes a request and gives an outcome, type-erased: a coroutine `task<response>(request&)`, a
/// function `response(request&)` that never waits, or a generator `pieces(request&)`. Move-only. All loops call a
/// handler at the same time, so the callable is const. The request lives until the response has been sent, not longer.
class handler {
  public:
    template <class F>
        requires(!std::same_as<std::decay_t<F>, handler> &&
                 std::is_invocable_r_v<outcome, std::decay_t<F> const &, request &>)
    handler(F &&f) : callee_(std::make_unique<callee<std::decay_t<F>>>(std::forward<F>(f))) {}

    /// For layers that are coroutines: they await it.
    task<response> operator()(request &rq) const { return outcome::as_task(call(rq), rq); }

    /// Calls it without an additional coroutine: for the server, and for layers that are not coroutines. Throws what
    /// the callable throws before it returns.
    outcome call(request &rq) const { return callee_->call(rq); }

  private:
    struct base {
        virtual ~base() = default;
        virtual outcome call(request &rq) const = 0;
    };
    template <class F>
    struct callee final : base {
        template <class G>
        explicit callee(G &&g) : f(std::forward<G>(g)) {}
        outcome call(request &rq) const override { return f(rq); }
        F f;
    };
    std::unique_ptr<base const> callee_;
};

/// What changes the responses with at least `least_body` bytes, those with a stream, and those that say that such a
/// response has not changed (304), whoever made them; all others pay nothing for it. `apply` must not throw, and does
/// not wait: what takes long is for the stream of the response.
struct response_filter {
    std::size_t least_body = SIZE_MAX;
    std::function<void(request &, response &)> apply = {};

    void operator()(request &rq, response &rs) const {
        bool const is_wanted = rs.body().size() >= least_body || rs.stream() != nullptr || rs.status() == 304;
        if (is_wanted && apply) apply(rq, rs);
    }
};

/// A whole service as one value: two handlers that a server calls. handle_errors makes an app, and `with` wraps layers
/// around it.
struct app {
    /// Responds to requests.
    handler respond;
    /// Responds to requests that the server rejects before any handler; rq.notes.refused says why: a malformed message,
    /// a limit exceeded, an unknown method, an overload (the server adds Retry-After to a 503). The request holds what
    /// could be parsed, and its body must not be read. If this throws, the response has that status code and no body.
    handler refuse;
    /// Called when the stream of a response has thrown, which ends the connection; not when it was cancelled. For the
    /// log. It must not throw.
    std::function<void(request const &, std::exception_ptr const &)> failed = {};
    /// Changes responses that are large or streams, before their heads are made.
    response_filter filter = {};
};

} // namespace phial
