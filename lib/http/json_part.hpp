// The values that a JSON object or array is made from; they are written to their destination without a copy in between.
#pragma once

#include "phial/http/held_text.hpp"
#include "phial/text/json_text.hpp"
#include "phial/text/json_view.hpp"
#include "phial/text/number.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace phial {

class json;
class json_array;
class json_object;
class json_part;

namespace detail {
template <class T>
concept text_like = std::convertible_to<T const &, std::string_view>;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
concept map_like = requires { typename T::mapped_type; } && text_like<typename T::key_type>;

// The type of the elements of T, without a reference; void if T is not a range.
template <class T>
struct element_of {
    using type = void;
};
template <class T>
    requires requires(T &range) { std::begin(range) != std::end(range); }
struct element_of<T> {
    using type = std::iter_value_t<decltype(std::begin(std::declval<T &>()))>;
};

template <class T>
consteval bool makes_json();

// Of other values.
template <class T>
consteval bool is_composite() {
    using element = typename element_of<T>::type;
    if constexpr (text_like<T>)
        return false;
    else if constexpr (is_optional<std::remove_const_t<T>>)
        return makes_json<typename T::value_type>();
    else if constexpr (map_like<T>)
        return makes_json<typename T::mapped_type>();
    else // the elements of a path are paths
        return !std::is_same_v<element, std::remove_const_t<T>> && makes_json<element>();
}

template <class T>
consteval bool makes_json() {
    if constexpr (std::is_same_v<T, json> || std::is_same_v<T, json_array> || std::is_same_v<T, json_object>)
        return true;
    else if constexpr (std::is_void_v<T> || std::is_same_v<T, json_part>)
        return false;
    else if constexpr (std::is_arithmetic_v<T> || std::is_null_pointer_v<T> || text_like<T>)
        return true;
    else if constexpr (std::is_convertible_v<T const &, json_view>)
        return true;
    else
        return is_composite<T>();
}

template <class T>
constexpr void refuse_character() noexcept {
    static_assert(!json_character<T>, "phial: no json is made from a character: write a text (\"x\") or a number");
}
} // namespace detail

/// Several values of other types as one: a range of anything a json can be made from (an array), a map from texts to
/// such values (an object), or a std::optional of one (null if it is empty).
template <class T>
concept json_composite = detail::is_composite<std::remove_reference_t<T>>();

/// Name and value. Both refer to the values they were made from, and live for one expression.
using json_member = std::pair<std::string_view, json_part>;

/// A value of a member or an element: anything a json can be made from. It refers to its argument and must not outlive
/// the expression it is written in.
class json_part {
  public:
    using members = std::initializer_list<json_member>;

    json_part(std::nullptr_t) noexcept {}
    json_part(std::same_as<bool> auto value) noexcept : value_(value) {}
    template <json_integer T>
    json_part(T value) noexcept {
        if constexpr (std::is_signed_v<T>)
            value_ = std::int64_t{value};
        else
            value_ = std::uint64_t{value};
    }
    template <json_character T>
    json_part(T) noexcept {
        detail::refuse_character<T>();
    }
    json_part(std::floating_point auto value) noexcept : value_(static_cast<double>(value)) {}
    /// Bytes that are not UTF-8 become U+FFFD.
    template <class T>
        requires std::convertible_to<T const &, std::string_view>
    json_part(T const &text) noexcept : value_(std::string_view(text)) {}
    json_part(json const &value) noexcept : value_(&value) {}
    json_part(json_array const &value) noexcept : value_(&value) {}
    json_part(json_object const &value) noexcept : value_(written{&append_object, &value}) {}
    /// A part of a json; null if it is not there.
    template <class T>
        requires std::convertible_to<T const &, json_view>
    json_part(T const &value) noexcept : value_(static_cast<json_view>(value)) {}
    /// Of equal names in a map the last one is kept.
    template <json_composite T>
    json_part(T &&value) noexcept {
        if constexpr (!detail::is_optional<std::remove_cvref_t<T>>)
            value_ = written{&append_range<std::remove_reference_t<T>>, std::addressof(value)};
        else if (value)
            value_ = json_part(*value).value();
    }
    /// An object; of equal names the last one is kept.
    json_part(members all) noexcept : value_(all) {}

    /// A value that writes itself.
    struct written {
        void (*append)(std::string &out, void const *value);
        void const *value;
    };
    using variant = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string_view,
                                 json const *, json_array const *, members, json_view, written>;
    [[nodiscard]] variant const &value() const noexcept { return value_; }

  private:
    static void append_object(std::string &out, void const *object);
    template <class T>
    static void append_range(std::string &out, void const *range);

    variant value_ = nullptr;
};

/// The members of an object in canonical order: sorted by code point; of equal names the last one is kept.
class sorted_members {
  public:
    explicit sorted_members(json_part::members all);

    [[nodiscard]] auto begin() const noexcept { return sorted_.begin(); }
    [[nodiscard]] auto end() const noexcept { return sorted_.end(); }

  private:
    std::list<std::string> mended_; // names that were not UTF-8, as they are written
    std::vector<std::pair<std::string_view, json_part const *>> sorted_;
};

/// Whether the members are in canonical order as they are: then they need not be sorted.
[[nodiscard]] bool is_sorted(json_part::members const &all) noexcept;

/// Appends the canonical text of an object; of equal names the last one is kept.
void append_members(std::string &out, std::vector<json_member> const &all);

/// The canonical text of a number, a boolean or null. Throws std::invalid_argument for infinity and NaN.
[[nodiscard]] std::string json_scalar(json_part const &part);

/// The text of a json, or of a json_array without its closing bracket. `large` owns the text if it is large, else it is
/// null.
struct json_source {
    std::string_view text;
    std::shared_ptr<held_text> large;
};
[[nodiscard]] json_source source_of(json const &value) noexcept;
[[nodiscard]] json_source source_of(json_array const &value) noexcept;

/// Appends the text of a json. If `out` has a function share(), it gets large texts and keeps them instead of copying.
template <class Out>
void append_json_source(Out &out, json_source const &source) {
    if constexpr (requires { out.share(source.large); }) {
        if (source.large) return out.share(source.large);
    }
    out += source.text;
}

/// Appends the canonical text. `out` is anything with += for texts and characters.
template <class Out>
void append_json(Out &out, json_part const &part) {
    auto const &value = part.value();
    if (auto const *text = std::get_if<std::string_view>(&value)) {
        append_json_string(out, *text);
    } else if (auto const *other = std::get_if<json const *>(&value)) {
        append_json_source(out, source_of(**other));
    } else if (auto const *array = std::get_if<json_array const *>(&value)) {
        append_json_source(out, source_of(**array));
        out += ']';
    } else if (auto const *object = std::get_if<json_part::members>(&value)) {
        char before = '{';
        auto const append = [&](std::string_view name, json_part const &member) {
            out += std::exchange(before, ',');
            append_json_string(out, name);
            out += ':';
            append_json(out, member);
        };
        if (is_sorted(*object))
            for (auto const &[name, member] : *object) append(name, member);
        else
            for (auto const &[name, member] : sorted_members(*object)) append(name, *member);
        if (before == '{') out += before;
        out += '}';
    } else if (auto const *view = std::get_if<json_view>(&value)) {
        out += view->text();
    } else if (auto const *written = std::get_if<json_part::written>(&value)) {
        if constexpr (std::same_as<Out, std::string>) {
            written->append(out, written->value);
        } else {
            std::string whole;
            written->append(whole, written->value);
            out += std::string_view(whole);
        }
    } else {
        out += std::string_view(json_scalar(part));
    }
}

template <class T>
void json_part::append_range(std::string &out, void const *range) {
    auto &values = *static_cast<T *>(const_cast<void *>(range)); // const again if T is; a view may need that it is not
    if constexpr (detail::map_like<T>) {
        std::vector<json_member> all;
        for (auto const &[name, value] : values) all.emplace_back(name, value);
        append_members(out, all);
    } else {
        char before = '[';
        for (auto &&value : values) {
            out += std::exchange(before, ',');
            typename detail::element_of<T>::type const &element = value; // the elements of a vector<bool> are no bool
            append_json(out, json_part(element));
        }
        if (before == '[') out += before;
        out += ']';
    }
}

} // namespace phial
