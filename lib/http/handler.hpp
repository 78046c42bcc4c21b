// The one shape of everything that answers a request.
#pragma once

#include "phial/http/request.hpp"
#include "phial/http/response.hpp"
#include "phial/runtime/task.hpp"

#include <concepts>
#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace phial {

/// Any callable `task<response>(request&)`, its type erased. Move-only. Handlers are called from all loops at once, so
/// what is called is const. The request lives until the response has been sent, not longer.
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

/// A message that is refused before any handler sees it.
struct refusal {
    unsigned status = 0;
    std::string_view reason; // a static text: what is wrong, for the client and the log
};

/// Answers what no handler gets to see: a malformed message, a limit passed, an unknown method, an overload (the server
/// adds Retry-After to a 503). The request holds what could be read of it. Called on the loop's thread; must not throw.
using refuser = std::function<response(request &, refusal const &)>;

} // namespace phial
