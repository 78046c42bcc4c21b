// A handler with its path parameters, checked against the pattern and then type-erased.
#pragma once

#include "phial/http/handler.hpp"
#include "phial/routing/path_value.hpp"
#include "phial/routing/pattern.hpp"

#include <concepts>
#include <cstddef>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace phial {

/// What a route calls: a type-erased handler.
class route_handler {
  public:
    virtual ~route_handler() = default;
    virtual outcome call(request &rq, path_values const &values) const = 0;
};

namespace detail {

// Converts to an argument of exactly type T. Plain std::is_invocable would accept an int parameter for a std::int64_t,
// and a reference, which a coroutine would keep after the value is gone.
template <class T>
struct exactly {
    template <std::same_as<T> U>
    operator U() const;
    template <std::same_as<T const> U>
    operator U &() const = delete;
};

// Converts to an argument of any type, to distinguish a wrong type from a wrong number of parameters.
struct anything {
    template <class U>
    operator U() const;
};

template <class T>
inline constexpr bool gives_response =
    std::same_as<T, task<response>> || std::same_as<T, response> || std::same_as<T, outcome> || generated<T>;

template <class F, class Parameters, class... Bound>
struct handler_check;

template <class F, class... P, class... Bound>
struct handler_check<F, std::tuple<P...>, Bound...> {
    // A T&& accepts an exactly<T>, but not an lvalue.
    static constexpr bool fits = std::is_invocable_v<F const &, Bound &..., request &, exactly<P>...> &&
                                 std::is_invocable_v<F const &, Bound &..., request &, P const &...>;
    static constexpr bool count_fits =
        fits || std::is_invocable_v<F const &, Bound &..., request &, std::conditional_t<true, anything, P>...>;
    static constexpr bool is_only_const =
        !count_fits && std::is_invocable_v<F const &, std::remove_const_t<Bound> &..., request &,
                                           std::conditional_t<true, anything, P>...>;
    static_assert(!is_only_const, "phial: what is bound is const, and the handler's parameter for it is not");
    static_assert(
        count_fits || is_only_const,
        "phial: the handler of a route takes (what is bound..., request&, one parameter for each <...> of the "
        "pattern, then body<T>, query<T>, header<T> or form<T>)");
    static_assert(
        fits || !count_fits,
        "phial: a handler's parameter is std::string_view for <...> and <path:...>, std::int64_t for <int:...> "
        "and double for <float:...>, exactly and by value");
    static constexpr bool returns_response = [] {
        if constexpr (fits)
            return gives_response<std::invoke_result_t<F const &, Bound &..., request &, exactly<P>...>>;
        else
            return true;
    }();
    static_assert(returns_response,
                  "phial: the handler of a route returns a response or a type with a schema, or a task of one; a text "
                  "or a number only as a task<T>");
    static constexpr bool ok = fits && returns_response;
};

template <class F, class Parameters, class... Bound>
class bound_route_handler;

template <class F, class... P, class... Bound>
class bound_route_handler<F, std::tuple<P...>, Bound...> final : public route_handler {
  public:
    bound_route_handler(F f, Bound &...bound) : f_(std::move(f)), bound_(bound...) {}

    outcome call(request &rq, path_values const &values) const override {
        return call(rq, values, std::index_sequence_for<P...>());
    }

  private:
    template <std::size_t... I>
    outcome call(request &rq, path_values const &values, std::index_sequence<I...>) const {
        return std::apply([&](Bound &...b) { return f_(b..., rq, values[I].template as<P>()...); }, bound_);
    }

    F f_;
    std::tuple<Bound &...> bound_;
};

} // namespace detail

/// Checks `f` against the pattern and erases its type. `bound` is what the handler needs besides the request: its
/// leading reference parameters, which outlive the server.
template <fixed_string Pattern, class F, class... Bound>
[[nodiscard]] std::unique_ptr<route_handler const> make_route_handler(F f, Bound &...bound) {
    using parameters = parameters_of<Pattern>;
    if constexpr (detail::handler_check<F, parameters, Bound...>::ok)
        return std::make_unique<detail::bound_route_handler<F, parameters, Bound...>>(std::move(f), bound...);
    else
        return nullptr;
}

} // namespace phial
