// Layers: code that wraps a handler, for a whole app, for a blueprint or for one route.
#pragma once

#include "phial/http/handler.hpp"

#include <concepts>
#include <functional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace phial {

/// A fact that a layer adds to the table of routes, such as {"security", "Basic realm=\"Staff\""}.
struct layer_fact {
    std::string name;
    std::string value;
    friend bool operator==(layer_fact const &, layer_fact const &) = default;
};

namespace detail {

template <class L, class... Bound>
struct layer_check {
    static constexpr bool fits = std::is_invocable_v<L const &, Bound &..., handler const &, request &>;
    static_assert(fits, "phial: a layer takes (what is bound..., handler const &next, request &)");
    static constexpr bool returns_response = [] {
        if constexpr (fits) {
            using result = std::invoke_result_t<L const &, Bound &..., handler const &, request &>;
            return std::same_as<result, task<response>> || std::same_as<result, outcome>;
        } else {
            return true;
        }
    }();
    static_assert(returns_response, "phial: a layer returns task<response>, or outcome if it is not a coroutine");
    static constexpr bool ok = fits && returns_response;
};

template <class L, class... Bound>
class layered {
  public:
    layered(handler next, L l, Bound &...bound) : next_(std::move(next)), layer_(std::move(l)), bound_(bound...) {}

    // A task or an outcome, as the layer gives it.
    auto operator()(request &rq) const {
        return std::apply([&](Bound &...b) { return layer_(b..., next_, rq); }, bound_);
    }

  private:
    handler next_;
    L layer_;
    std::tuple<Bound &...> bound_;
};

} // namespace detail

/// `next` inside a layer: a function, or an object with a const call operator,
///
///     task<response> json_only(limits const &bound, handler const &next, request &rq) {
///         if (!rq.content_type().is_json()) throw http_error(415);
///         co_return co_await next(rq);
///     }
///
/// `bound` are the layer's parameters before `next`; like those of a route's handler, they outlive the handler. All
/// loops call a layer at the same time. It may respond without calling `next`, or call `next` and change the response,
/// or catch what `next` throws.
///
/// A layer that often has nothing to wait for saves its coroutine frame, about 300 instructions, when it is a function
/// that gives an outcome: a response, an http_error, what `next.call(rq)` gives, or a task. It does not see what `next`
/// responds with later.
///
///     outcome json_only(limits const &bound, handler const &next, request &rq) {
///         if (!rq.content_type().is_json()) return http_error(415);
///         return next.call(rq);
///     }
template <class L, class... Bound>
[[nodiscard]] handler with(handler next, L l, Bound &...bound) {
    if constexpr (detail::layer_check<L, Bound...>::ok)
        return detail::layered<L, Bound...>(std::move(next), std::move(l), bound...);
    else
        return next;
}

/// The same around `respond` of an app. There, what handlers throw has already become a response (handle_errors), and
/// what the layer itself throws becomes a response without a page. A layer that throws belongs inside, around the
/// handler that is passed to handle_errors.
template <class L, class... Bound>
[[nodiscard]] app with(app next, L l, Bound &...bound) {
    next.respond = with(std::move(next.respond), std::move(l), bound...);
    return next;
}

/// Marks a layer of an app that also wraps the requests which the server itself rejects (400, 408, 413, 414, 431, 501,
/// 503, ...), so that those responses have the same header fields as all others. For such a request
/// rq.notes.refused.status is not 0. Its head may be missing: then the method is GET, and the request target and the
/// header fields are empty. It has no route, and its body must not be read; `next` makes the page. Such a layer should
/// not wait. If it throws or is cancelled, the response has that status code and no body.
///
///     app = with(std::move(app), also_on_refusals(allow_origins), origins);
template <class L>
struct also_on_refusals {
    explicit also_on_refusals(L l) : layer(std::move(l)) {}
    L layer;
};

template <class L, class... Bound>
[[nodiscard]] app with(app next, also_on_refusals<L> l, Bound &...bound) {
    next.refuse = with(std::move(next.refuse), l.layer, bound...);
    next.respond = with(std::move(next.respond), std::move(l.layer), bound...);
    return next;
}

/// A layer with its bound arguments, kept until there is a handler to wrap. A layer that is an object may have a second
/// function, `std::vector<layer_fact> facts(what is bound...) const`.
struct bound_layer {
    std::function<handler(handler)> wrap; // may be called more than once, for several handlers
    std::vector<layer_fact> facts;
};

template <class L, class... Bound>
[[nodiscard]] bound_layer bind_layer(L l, Bound &...bound) {
    bound_layer out;
    if constexpr (detail::layer_check<L, Bound...>::ok) {
        if constexpr (requires { &L::facts; }) {
            constexpr bool fits = requires(L const &layer) {
                { layer.facts(bound...) } -> std::same_as<std::vector<layer_fact>>;
            };
            static_assert(fits, "phial: a layer's facts are std::vector<layer_fact> facts(what is bound...) const");
            if constexpr (fits) out.facts = std::as_const(l).facts(bound...);
        }
        out.wrap = [l = std::move(l), &bound...](handler next) { return with(std::move(next), l, bound...); };
    }
    return out;
}

} // namespace phial
