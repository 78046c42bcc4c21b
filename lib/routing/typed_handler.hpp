// A handler that declares what it wants besides the path's parameters, or what it answers with.
#pragma once

#include "phial/routing/route_handler.hpp"
#include "phial/typed/answers.hpp"
#include "phial/typed/call.hpp"
#include "phial/typed/inputs.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace phial {

/// What the signature of a handler says, for the documentation. Both parts have static storage.
struct handler_declaration {
    std::span<input_schema const> inputs;
    answer_schema const *answer = nullptr; // null: a response that it makes itself
};

namespace detail {

// The parameters and the result of a callable that has one signature.
template <class F>
struct signature {
    static constexpr bool is_known = false;
};
template <class R, class... A>
struct signature<R (*)(A...)> {
    static constexpr bool is_known = true;
    using result = R;
    using parameters = std::tuple<A...>;
};
template <class R, class... A>
struct signature<R (*)(A...) noexcept> : signature<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) const> : signature<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) const noexcept> : signature<R (*)(A...)> {};
template <class F>
    requires requires { &F::operator(); }
struct signature<F> : signature<decltype(&F::operator())> {};

template <std::size_t From, class Tuple, std::size_t... I>
std::tuple<std::tuple_element_t<From + I, Tuple>...> tail_of(std::index_sequence<I...>);

// The parameters of F after the first Known ones, as a tuple.
template <class F, std::size_t Known>
consteval auto find_inputs() {
    if constexpr (signature<F>::is_known) {
        using parameters = typename signature<F>::parameters;
        constexpr auto size = std::tuple_size_v<parameters>;
        if constexpr (size > Known)
            return std::type_identity<decltype(tail_of<Known, parameters>(std::make_index_sequence<size - Known>()))>();
        else
            return std::type_identity<std::tuple<>>();
    } else {
        return std::type_identity<std::tuple<>>();
    }
}

// Text and numbers are answered only as a task<T>: a function that returns text may mean text/plain.
template <class R>
inline constexpr bool is_typed_result =
    !is_plain_result<R> && std::is_class_v<R> && !std::is_convertible_v<R, std::string_view>;
template <>
inline constexpr bool is_typed_result<void> = true;
template <class T>
inline constexpr bool is_typed_result<task<T>> = !std::is_same_v<T, response>;

template <class F>
consteval bool has_typed_result() {
    if constexpr (signature<F>::is_known)
        return is_typed_result<typename signature<F>::result>;
    else
        return false;
}

template <class Inputs>
inline constexpr bool has_inputs = false;
template <class... E>
inline constexpr bool has_inputs<std::tuple<E...>> = (input_of<std::remove_cvref_t<E>>::is || ...);

template <bool HasBody, class F, class Parameters, class Inputs, class... Bound>
struct typed_check;
template <bool HasBody, class F, class... P, class... E, class... Bound>
struct typed_check<HasBody, F, std::tuple<P...>, std::tuple<E...>, Bound...> {
    static constexpr bool are_inputs = (input_of<E>::is && ...);
    static_assert(are_inputs, "phial: after the parameters of the path, a handler takes body<T>, query<T>, header<T> "
                              "and form<T>, by value and nothing else");
    template <input_source Source>
    static constexpr std::size_t number_of_inputs = [] {
        if constexpr (are_inputs)
            return (std::size_t{0} + ... + (input_of<E>::value.source == Source ? 1 : 0));
        else
            return 0;
    }();
    static constexpr bool are_single =
        number_of_inputs<input_source::query> <= 1 && number_of_inputs<input_source::header> <= 1;
    static_assert(are_single, "phial: a handler has one query<T> and one header<T>: put the members into one struct");
    static constexpr std::size_t bodies = number_of_inputs<input_source::body> + number_of_inputs<input_source::form>;
    static_assert(bodies <= 1, "phial: a handler has one body<T> or form<T>: a request has one body");
    static_assert(HasBody || bodies == 0,
                  "phial: GET, HEAD, DELETE and OPTIONS have no body: take what the client says by query<T>");
    static constexpr bool fits = std::is_invocable_v<F const &, Bound &..., request &, exactly<P>..., E...>;
    static_assert(
        fits || !are_inputs,
        "phial: the handler of a route takes (what is bound..., request&, one parameter for each <...> of the "
        "pattern, then body<T>, query<T>, header<T> or form<T>): std::string_view for <...> and <path:...>, "
        "std::int64_t for <int:...> and double for <float:...>, exactly and by value");
    static constexpr bool ok = are_inputs && are_single && bodies <= 1 && (HasBody || bodies == 0) && fits;
};

template <class F, class Parameters, class Inputs, class... Bound>
class bound_typed_handler;

template <class F, class... P, class... E, class... Bound>
class bound_typed_handler<F, std::tuple<P...>, std::tuple<E...>, Bound...> final : public route_handler {
  public:
    static constexpr std::array<input_schema, sizeof...(E)> inputs{input_of<E>::value...};

    bound_typed_handler(F f, Bound &...bound) : f_(std::move(f)), bound_(bound...) {}

    outcome call(request &rq, path_values const &values) const override {
        return start(rq, values, std::index_sequence_for<P...>());
    }

  private:
    // What one call is made with. Path values are views into the request.
    struct arguments final : typed_call {
        arguments(bound_typed_handler const &h, P... p) : handler(h), path(p...) {}
        void *input(std::size_t n) noexcept override {
            return std::apply(
                [n](auto &...each) {
                    void *const all[] = {&each..., nullptr};
                    return all[n];
                },
                read);
        }
        outcome call(request &rq) override {
            return handler.finish(rq, *this, std::index_sequence_for<P...>(), std::index_sequence_for<E...>());
        }

        bound_typed_handler const &handler;
        std::tuple<P...> path;
        std::tuple<E...> read{}; // a body<T> begins with its T
    };

    template <std::size_t... I>
    outcome start(request &rq, path_values const &values, std::index_sequence<I...>) const {
        if constexpr (sizeof...(E) == 0) {
            arguments now(*this, values[I].template as<P>()...);
            return now.call(rq);
        } else {
            std::optional<http_error> refused;
            {
                arguments now(*this, values[I].template as<P>()...);
                if (read_inputs(rq, inputs, now, refused)) {
                    if (refused) return std::move(*refused);
                    return now.call(rq);
                }
            }
            return call_later(rq, inputs, std::make_unique<arguments>(*this, values[I].template as<P>()...));
        }
    }

    template <std::size_t... I, std::size_t... J>
    outcome finish(request &rq, arguments &a, std::index_sequence<I...>, std::index_sequence<J...>) const {
        return std::apply(
            [&](Bound &...b) -> outcome {
                auto const call = [&] {
                    return f_(b..., rq, std::get<I>(a.path)..., std::move(std::get<J>(a.read))...);
                };
                using result = decltype(call());
                if constexpr (std::is_void_v<result>) {
                    call();
                    return response(204);
                } else if constexpr (is_plain_result<result>) {
                    return call();
                } else {
                    return answered(rq, call());
                }
            },
            bound_);
    }

    F f_;
    std::tuple<Bound &...> bound_;
};

} // namespace detail

struct declared_handler {
    std::unique_ptr<route_handler const> call;
    handler_declaration declares;
};

/// Checks `f` against the pattern and erases its type: see make_route_handler. `HasBody`: whether requests with the
/// methods of the route have one. A handler without inputs, which makes its response itself, costs nothing more.
template <fixed_string Pattern, bool HasBody, class F, class... Bound>
[[nodiscard]] declared_handler make_declared_handler(F f, Bound &...bound) {
    using parameters = parameters_of<Pattern>;
    constexpr auto known = sizeof...(Bound) + 1 + std::tuple_size_v<parameters>;
    using inputs = typename decltype(detail::find_inputs<F, known>())::type;
    if constexpr (!detail::has_inputs<inputs> && (std::tuple_size_v<inputs> != 0 || !detail::has_typed_result<F>())) {
        return {make_route_handler<Pattern>(std::move(f), bound...), {}};
    } else if constexpr (detail::typed_check<HasBody, F, parameters, inputs, Bound...>::ok) {
        using made = detail::bound_typed_handler<F, parameters, inputs, Bound...>;
        handler_declaration declares{made::inputs};
        for (auto const &i : declares.inputs)
            if (i.type->facts != nullptr) (void)i.type->facts();
        using result = typename detail::signature<F>::result;
        if constexpr (!detail::is_plain_result<result>)
            declares.answer = &detail::answer_of<typename detail::result_of<result>::type>::value;
        return {std::make_unique<made>(std::move(f), bound...), declares};
    } else {
        return {};
    }
} // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): the caller owns it

} // namespace phial
