// The values that a JSON object or array is made from; they are written to their destination without a copy in between.
#pragma once

#include "phial/http/held_text.hpp"
#include "phial/text/json_text.hpp"
#include "phial/text/number.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace phial {

class json;
class json_array;
class json_part;

/// Name and value. Both refer to the values they were made from, and live for one expression.
using json_member = std::pair<std::string_view, json_part>;

/// A value of a member or an element: anything a json can be made from. It refers to its argument and must not outlive
/// the expression it is written in.
class json_part {
  public:
    using members = std::initializer_list<json_member>;

    json_part(std::nullptr_t) noexcept {}
    json_part(std::same_as<bool> auto value) noexcept : value_(value) {}
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    json_part(T value) noexcept {
        if constexpr (std::is_signed_v<T>)
            value_ = std::int64_t{value};
        else
            value_ = std::uint64_t{value};
    }
    json_part(std::floating_point auto value) noexcept : value_(static_cast<double>(value)) {}
    /// Bytes that are not UTF-8 become U+FFFD.
    template <class T>
        requires std::convertible_to<T const &, std::string_view>
    json_part(T const &text) noexcept : value_(std::string_view(text)) {}
    json_part(json const &value) noexcept : value_(&value) {}
    json_part(json_array const &value) noexcept : value_(&value) {}
    /// An object; of equal names the last one is kept.
    json_part(members all) noexcept : value_(all) {}

    using variant = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string_view,
                                 json const *, json_array const *, members>;
    [[nodiscard]] variant const &value() const noexcept { return value_; }

  private:
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
    } else {
        out += std::string_view(json_scalar(part));
    }
}

} // namespace phial
