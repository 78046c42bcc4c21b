// The schema of a C++ type, made by the compiler.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/http/json.hpp"
#include "phial/typed/named_parts.hpp"
#include "phial/typed/schema.hpp"
#include "phial/typed/types.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace phial {

/// For an enumeration whose last name another type of the service has, too; a struct has a member `schema_name`:
///
///     template <>
///     inline constexpr std::string_view phial::schema_name_of<order::state> = "order_state";
template <class E>
inline constexpr std::string_view schema_name_of{};

namespace detail {

template <std::size_t Min, std::size_t Max, class Form>
constexpr void constrain(schema &s, text_of<Min, Max, Form> const *) {
    s.low = Min;
    s.high = Max;
    if constexpr (!std::same_as<Form, any_text>) {
        static_assert(
            requires(std::string_view text) {
                { Form::pattern } -> std::convertible_to<std::string_view>;
                { Form::expected } -> std::convertible_to<std::string_view>;
                { Form::matches(text) } -> std::same_as<bool>;
            }, "phial: the form of a text_of has the static members pattern, expected and matches");
        s.pattern = Form::pattern;
        s.expected = Form::expected;
        if constexpr (requires { Form::example; }) s.example = Form::example;
        s.matches = &Form::matches;
    }
}
template <auto Low, auto High>
constexpr void constrain(schema &s, number_of<Low, High> const *) {
    if constexpr (std::integral<decltype(Low)>) {
        s.low = Low;
        s.high = static_cast<std::uint64_t>(High);
        static_assert(std::in_range<std::int64_t>(Low) && std::in_range<std::int64_t>(High));
    } else {
        s.is_bounded = true;
        s.least = Low;
        s.greatest = High;
    }
}
template <class T, std::size_t Max, std::size_t Min>
constexpr void constrain(schema &s, list_of<T, Max, Min> const *) {
    s.low = Min;
    s.high = Max;
}
template <class T, std::size_t Max>
constexpr void constrain(schema &s, map_of<T, Max> const *) {
    s.high = Max;
}

template <class T>
concept array_type = requires(T t) {
    typename T::value_type;
    t.emplace_back();
    t.capacity();
};
template <class T>
concept dictionary_type = requires(T t) {
    typename T::mapped_type;
    t.try_emplace(std::string());
} && std::same_as<typename T::key_type, std::string>;
template <class T>
concept optional_type = requires(T t) {
    typename T::value_type;
    t.has_value();
    t.emplace();
};
// Makes a base class of T, and nothing else.
template <class T>
struct any_base {
    template <class U>
        requires(std::is_base_of_v<U, T> && !std::same_as<U, T>)
    operator U() const noexcept {
        __builtin_unreachable();
    }
};
template <class T>
concept has_base = requires { T{any_base<T>()}; };

template <class T>
concept typed_struct = std::is_aggregate_v<T> && std::is_class_v<T> && !std::is_empty_v<T> &&
                       !requires { std::tuple_size<T>::value; }; // std::array

template <class T>
constexpr void describe_scalar(schema &s) {
    if constexpr (std::same_as<T, bool>) {
        s.kind = schema_kind::boolean;
    } else if constexpr (std::is_integral_v<T>) {
        s.kind = schema_kind::integer;
        s.is_signed = std::is_signed_v<T>;
        s.low = static_cast<std::int64_t>(std::numeric_limits<T>::min());
        s.high = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    } else {
        static_assert(sizeof(T) <= sizeof(double), "phial: a typed member is a double, not a long double");
        s.kind = schema_kind::real;
    }
}

template <class T>
constexpr void describe_array(schema &s) {
    using element = typename T::value_type;
    static_assert(!std::same_as<element, bool>, "phial: a std::vector<bool> holds no bools: take an enum class");
    s.kind = schema_kind::array;
    s.element = &schema_holder<element>::value;
    s.add = [](void *o, std::string_view) -> void * {
        auto &elements = *static_cast<T *>(o);
        if (elements.capacity() == 0) elements.reserve(schema::first_elements);
        return &elements.emplace_back();
    };
    s.clear = [](void *o) { static_cast<T *>(o)->clear(); };
    s.elements = [](void const *o) -> schema::range {
        auto const &elements = *static_cast<T const *>(o);
        return {elements.data(), elements.size()};
    };
}

template <class T>
constexpr void describe_dictionary(schema &s) {
    s.kind = schema_kind::dictionary;
    s.element = &schema_holder<typename T::mapped_type>::value;
    s.add = [](void *o, std::string_view key) -> void * {
        auto const [at, is_new] = static_cast<T *>(o)->try_emplace(std::string(key));
        return is_new ? &at->second : nullptr;
    };
    s.clear = [](void *o) { static_cast<T *>(o)->clear(); };
    s.each = [](void const *o, void *context, void (*visit)(void *, std::string_view, void const *)) {
        for (auto const &[key, value] : *static_cast<T const *>(o)) visit(context, key, &value);
    };
}

template <class T>
constexpr void describe_optional(schema &s) {
    s.kind = schema_kind::optional;
    s.element = &schema_holder<typename T::value_type>::value;
    s.add = [](void *o, std::string_view) -> void * { return &static_cast<T *>(o)->emplace(); };
    s.clear = [](void *o) { static_cast<T *>(o)->reset(); };
    s.elements = [](void const *o) -> schema::range {
        auto const &value = *static_cast<T const *>(o);
        return {value ? &*value : nullptr, value ? std::size_t{1} : 0};
    };
}

template <class T>
constexpr void describe_members(schema &s) {
    s.members = members_in<T>::all;
    s.make = [](void *room) { ::new (room) T; };
    s.destroy = [](void *o) { static_cast<T *>(o)->~T(); };
    s.addresses = &members_in<T>::addresses;
    s.facts = &members_in<T>::facts;
    if constexpr (requires(T const &t) { t.check(); })
        s.check = [](void const *o, std::vector<fault> &found) {
            if (std::optional<fault> one = static_cast<T const *>(o)->check()) found.push_back(std::move(*one));
        };
}

template <class T>
constexpr void describe_object(schema &s) {
    s.kind = schema_kind::object;
    s.name = type_name<T>();
    if constexpr (requires { requires is_constant<decltype(&T::schema_name)>; }) s.name = T::schema_name;
    if constexpr (requires { requires is_constant<decltype(&T::description)>; }) s.description = T::description;
    if constexpr (requires { requires is_constant<decltype(&T::open)>; }) s.is_open = T::open;
    if constexpr (requires { requires is_constant<decltype(&T::strict)>; }) s.is_strict = T::strict;
    static_assert(!has_base<T>, "phial: a typed struct has no base class: take it as a member");
    if constexpr (!has_base<T>) {
        static_assert(!has_array<T>, "phial: a typed struct has no array: take a std::vector, or list_of<T, 3>");
        if constexpr (!has_array<T>) describe_members<T>(s);
    }
}

template <class T>
consteval schema make_schema() {
    schema s{};
    if constexpr (std::is_arithmetic_v<T> && !std::same_as<T, char>) {
        describe_scalar<T>(s);
    } else if constexpr (requires(T const *t) {
                             typename T::value_type;
                             t->value;
                             constrain(s, t);
                         }) {
        describe_scalar<typename T::value_type>(s);
    } else if constexpr (std::same_as<T, moment>) {
        s.kind = schema_kind::date_time;
    } else if constexpr (std::same_as<T, date>) {
        s.kind = schema_kind::full_date;
    } else if constexpr (std::same_as<T, json>) {
        s.kind = schema_kind::any;
        s.is_null = [](void const *o) { return *static_cast<json const *>(o) == json(); };
    } else if constexpr (scoped_enumeration<T>) {
        s.kind = schema_kind::enumeration;
        s.name = schema_name_of<T>.empty() ? type_name<T>() : schema_name_of<T>;
        s.enumerators = std::span(enumerators_of<T>::names).first(enumerators_of<T>::count);
    } else if constexpr (std::derived_from<T, std::string>) {
        s.kind = schema_kind::string;
    } else if constexpr (array_type<T>) {
        describe_array<T>(s);
    } else if constexpr (dictionary_type<T>) {
        describe_dictionary<T>(s);
    } else if constexpr (optional_type<T>) {
        describe_optional<T>(s);
    } else if constexpr (typed_struct<T>) {
        describe_object<T>(s);
    } else {
        static_assert(typed_struct<T>,
                      "phial: a typed member is a text, a number, bool, an enum class, a moment, a date, json, a "
                      "std::optional, a std::vector, a std::map from std::string, or a struct of these");
    }
    if constexpr (requires(T const *t) { constrain(s, t); }) constrain(s, static_cast<T const *>(nullptr));
    if constexpr (requires(T const &t) { t.initialised_.zero; })
        s.mark = [](void const *o) -> unsigned char const * { return &static_cast<T const *>(o)->initialised_.zero; };
    s.size = sizeof(T);
    s.alignment = alignof(T);
    return s;
}

template <class T>
constexpr schema schema_holder<T>::value = make_schema<T>();

} // namespace detail

/// The schema of T.
template <class T>
inline constexpr schema const &schema_of = detail::schema_holder<T>::value;

} // namespace phial
