// The one type of everything that responds to a request.
#pragma once

#include "phial/http/request.hpp"
#include "phial/http/response.hpp"
#include "phial/runtime/task.hpp"

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace phial {

/// Any callable `task<response>(request&)`, type-erased. Move-only. All loops call a handler at the same time, so the
/// callable is const. The request lives until the response has been sent, not longer.
class handler {
  public:
    template <class F>
        requires(!std::same_as<std::decay_t<F>, handler> &&
                 std::is_invocable_r_v<task<response>, std::decay_t<F> const &, request &>)
    handler(F &&f) : callee_(std::make_unique<callee<std::decay_t<F>>>(std::forward<F>(f))) {}

    task<response> operator()(request &rq) const { return callee_->call(rq); }

  private:
    struct base {
        virtual ~base() = default;
        virtual task<response> call(request &rq) const = 0;
    };
    template <class F>
    struct callee final : base {
        template <class G>
        explicit callee(G &&g) : f(std::forward<G>(g)) {}
        task<response> call(request &rq) const override { return f(rq); }
        F f;
    };
    std::unique_ptr<base const> callee_;
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
};

} // namespace phial
