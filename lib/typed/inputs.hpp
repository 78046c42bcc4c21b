// The inputs that a handler declares: parameters after those of the path.
#pragma once

#include "phial/typed/schema.hpp"
#include "phial/typed/schema_of.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace phial {

/// The JSON body: `task<note> add(request &, body<new_note> in)` uses `in.title`. T is a struct, a vector, a map or a
/// text. The status code is 400 if the body is not JSON, 415 if Content-Type names something else, and 422 with a list
/// of all faults if the JSON does not fit T. A member without an initialiser must be sent, unless it is a
/// std::optional, which may also be null. (An empty initialiser of a plain std::string, std::vector, std::map, moment
/// or json cannot be seen: take a text_of<>, list_of<T>, map_of<T> or a std::optional.) Names that T has no member for
/// are refused, unless T says `static constexpr bool open = true`.
template <class T>
struct body : T {};

/// The arguments of the query. T is a struct; its members are texts, numbers, bools, enumerations, dates, optionals of
/// these, or vectors, which take all arguments of their name, or none. Names that T has no member for are ignored,
/// because links are sent with additions of others, unless T says `static constexpr bool strict = true`.
template <class T>
struct query : T {};

/// Header fields: a member if_match is If-Match. T is as for a query, and a vector takes the elements of a list, in one
/// field line or several (RFC 9110 5.6.1); all other fields are ignored.
template <class T>
struct header : T {};

/// The fields of a form, urlencoded or multipart. T is as for a query; a field that T has no member for is refused as a
/// member of a body is, and so is a file.
template <class T>
struct form : T {};

enum class input_source : std::uint8_t { body, query, header, form };

/// One such parameter.
struct input_schema {
    input_source source;
    schema const *type;

    /// It is read from the content of the request, not from its head.
    [[nodiscard]] constexpr bool is_content() const noexcept {
        return source == input_source::body || source == input_source::form;
    }
};

namespace detail {

// Queries, header fields and forms have names and texts, and nothing is inside of anything.
template <class T>
inline constexpr bool is_scalar_type = is_scalar(make_schema<T>().kind);
template <class M>
consteval bool is_flat_member() {
    if constexpr (optional_type<M> || array_type<M>)
        return is_scalar_type<typename M::value_type>;
    else
        return is_scalar_type<M>;
}
template <std::size_t... I, class... M>
consteval bool are_flat_members(member_list<std::index_sequence<I...>, M...> const *) {
    return (is_flat_member<std::remove_const_t<M>>() && ...);
}
template <class T>
consteval bool is_flat() {
    if constexpr (typed_struct<T>)
        return are_flat_members(static_cast<typename members_in<T>::list const *>(nullptr));
    else
        return false;
}

template <class T, input_source Source>
struct one_input {
    static constexpr bool is = true;
    static constexpr input_schema value{Source, &schema_of<T>};
    static constexpr bool fits = [] {
        if constexpr (Source == input_source::body)
            return true; // and nothing more is asked of T here
        else
            return is_flat<T>();
    }();
    static_assert(fits,
                  "phial: the members of a query, header or form are texts, numbers, bools, enumerations or dates, "
                  "or optionals or vectors of these");
};

// Whether a parameter is an input, and which.
template <class A>
struct input_of {
    static constexpr bool is = false;
};
template <class T>
struct input_of<body<T>> : one_input<T, input_source::body> {};
template <class T>
struct input_of<query<T>> : one_input<T, input_source::query> {};
template <class T>
struct input_of<header<T>> : one_input<T, input_source::header> {};
template <class T>
struct input_of<form<T>> : one_input<T, input_source::form> {};

} // namespace detail

} // namespace phial
