// Builds the paths of routes, so that they need not be typed in.
#pragma once

#include "phial/http/request.hpp"
#include "phial/routing/pattern.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace phial {

/// Where named routes are mounted. The router is a url_map.
class url_map {
  public:
    virtual ~url_map() = default;
    /// The prefix of the blueprint whose route has that name. Throws std::invalid_argument if there is none.
    [[nodiscard]] virtual std::string_view prefix_of(std::string_view name) const = 0;
};

namespace detail {

// A prefix or a literal segment of a pattern, encoded.
void append_url_literal(std::string &out, std::string_view decoded);

// One path segment as text. Each throws std::invalid_argument for a value that the route could not match.
void append_url_value(std::string &out, segment_kind kind, std::string_view value);
void append_url_value(std::string &out, segment_kind kind, std::int64_t value);
void append_url_value(std::string &out, segment_kind kind, double value);

// Whether an argument fits a parameter: it has the same type, or one that converts without loss.
template <class Argument, class Parameter>
concept url_argument =
    (std::same_as<Parameter, std::string_view> && std::convertible_to<Argument const &, std::string_view> &&
     !std::same_as<Argument, std::nullptr_t>) ||
    (std::same_as<Parameter, std::int64_t> && std::integral<Argument> && !std::same_as<Argument, bool> &&
     !std::same_as<Argument, char> && requires(Argument a) { std::int64_t{a}; }) ||
    (std::same_as<Parameter, double> && std::floating_point<Argument> && requires(Argument a) { double{a}; });

template <class Parameters, class... Arguments>
struct url_check {
    static constexpr bool ok = false;
};
template <class... P, class... A>
    requires(sizeof...(P) == sizeof...(A))
struct url_check<std::tuple<P...>, A...> {
    static constexpr bool ok = (url_argument<A, P> && ...);
};

[[nodiscard]] std::string_view mount_prefix(request const &rq, std::string_view name);

} // namespace detail

/// The path of a route for the client of `rq`, percent-encoded: request::root_path(), the blueprint's prefix and the
/// pattern, with the parameters filled in. It takes exactly the pattern's parameters. Throws std::invalid_argument when
/// the route is not mounted in the app that handles `rq`, or when the route could not match a value (an empty text, a
/// negative number).
template <fixed_string Pattern, fixed_string Name, class... Arguments>
[[nodiscard]] std::string url_for(request const &rq, route<Pattern, Name> r, Arguments const &...arguments) {
    using parameters = parameters_of<Pattern>;
    static_assert(!Name.view().empty(), "phial: url_for needs a route with a name: route<\"/articles\", \"articles\">");
    static_assert(sizeof...(Arguments) == std::tuple_size_v<parameters>,
                  "phial: url_for takes one argument for each <...> of the route's pattern");
    constexpr bool fits = detail::url_check<parameters, std::decay_t<Arguments>...>::ok;
    static_assert(
        fits || sizeof...(Arguments) != std::tuple_size_v<parameters>,
        "phial: an argument of url_for is a text for <...> and <path:...>, a std::int64_t for <int:...> and a "
        "double for <float:...>");
    std::string url(rq.root_path());
    detail::append_url_literal(url, detail::mount_prefix(rq, r.name()));
    if constexpr (fits) {
        std::size_t next = 0;
        auto const literals = [&] {
            for (; next < r.pattern.size && r.pattern.segments[next].kind == segment_kind::literal; ++next)
                detail::append_url_literal(url += '/', r.pattern.segments[next].text);
        };
        auto const value = [&]<class P>(P v) {
            url += '/';
            detail::append_url_value(url, r.pattern.segments[next++].kind, v);
            literals();
        };
        literals();
        [&]<class... P>(std::tuple<P...> *) {
            (value(static_cast<P>(arguments)), ...);
        }(static_cast<parameters *>(nullptr));
    }
    return url;
}

/// For url_for: with scheme and host.
struct external_t {
    explicit external_t() = default;
};
inline constexpr external_t external{};

/// The same as a whole URL, for mails, feeds and other hosts: "https://shop.example/api/articles/1". It has the host
/// that the client has asked for (request::origin()): --allowed-hosts limits which that may be.
template <fixed_string Pattern, fixed_string Name, class... Arguments>
[[nodiscard]] std::string url_for(request const &rq, external_t, route<Pattern, Name> r,
                                  Arguments const &...arguments) {
    return rq.origin() + url_for(rq, r, arguments...);
}

} // namespace phial
