// Looks into a canonical JSON text: without a copy, a tree or a second parse.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace phial {

enum class json_kind : unsigned char { null, boolean, number, string, array, object };

/// A type of characters. No JSON value is made from one or read as one: it would be a number for one reader and a text
/// for the other. (signed char and unsigned char are numbers: std::int8_t and std::uint8_t.)
template <class T>
concept json_character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
                         std::same_as<T, char16_t> || std::same_as<T, char32_t>;

template <class T>
concept json_integer = std::integral<T> && !std::same_as<T, bool> && !json_character<T>;

/// What a single value can be read as.
template <class T>
concept json_scalar_type =
    std::same_as<T, bool> || json_integer<T> || std::floating_point<T> || std::same_as<T, std::string>;

/// One element or member after the other, in the order of the text. Each step looks at the value once.
class json_step {
  public:
    /// The end.
    json_step() noexcept = default;
    /// The first one of a value that is an array or an object; the end if it is neither, or is empty.
    explicit json_step(std::string_view container) noexcept;

    void next() noexcept;
    [[nodiscard]] bool is_end() const noexcept { return value_.data() == nullptr; }
    /// The name of a member as it is written, without its quotes.
    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    [[nodiscard]] std::string_view value() const noexcept { return value_; }

    friend bool operator==(json_step const &a, json_step const &b) noexcept {
        return a.value_.data() == b.value_.data();
    }

  private:
    void read(char const *at) noexcept;

    std::string_view name_;
    std::string_view value_;
    char const *end_ = nullptr; // of the container's text
    bool is_named_ = false;
};

/// The elements or members of a value, for range-for. `Make` turns a step into what the loop sees, which is a value and
/// not a reference.
template <class Make>
class json_range {
  public:
    class iterator {
      public:
        using iterator_concept = std::forward_iterator_tag;
        using iterator_category = std::input_iterator_tag; // it gives values, no references
        using value_type = std::invoke_result_t<Make const &, json_step const &>;
        using reference = value_type;
        using pointer = void;
        using difference_type = std::ptrdiff_t;

        iterator() = default;
        iterator(json_step step, Make make) : step_(step), make_(std::move(make)) {}
        [[nodiscard]] value_type operator*() const { return make_(step_); }
        iterator &operator++() noexcept {
            step_.next();
            return *this;
        }
        iterator operator++(int) {
            auto before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(iterator const &a, iterator const &b) noexcept { return a.step_ == b.step_; }

      private:
        json_step step_;
        Make make_{};
    };

    json_range(json_step first, Make make) : first_(first), make_(std::move(make)) {}
    [[nodiscard]] iterator begin() const { return {first_, make_}; }
    [[nodiscard]] iterator end() const { return {json_step(), make_}; }
    [[nodiscard]] bool empty() const noexcept { return first_.is_end(); }

  private:
    json_step first_;
    Make make_;
};

class json_view;

/// What the loops over a json_view see: an element, and a member with its name as UTF-8.
struct json_view_element {
    [[nodiscard]] json_view operator()(json_step const &step) const noexcept;
};
struct json_view_member {
    [[nodiscard]] std::pair<std::string, json_view> operator()(json_step const &step) const;
};

/// A value in a canonical JSON text (see http/json.hpp): compact, ASCII, the keys of each object sorted and distinct.
/// The text is not checked: of another text the answers are wrong, but nothing beyond its end is read. It must live
/// longer than the view.
///
/// Each function takes time in proportion to the text that it passes over: find(n) in a loop over n is quadratic where
/// elements() is not, and a walk to any depth passes over a text once for each level around it. Memory is taken only
/// for strings that are asked for. No function recurses.
class json_view {
  public:
    /// null
    json_view() noexcept : text_("null") {}
    /// `canonical` is the text of one value.
    explicit json_view(std::string_view canonical) noexcept : text_(canonical) {}

    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    [[nodiscard]] json_kind kind() const noexcept;

    /// How many elements or members; 0 for anything but an array or an object.
    [[nodiscard]] std::size_t size() const noexcept;

    /// The member of that name, as UTF-8, or the element at that index, counted from 0. Nothing if there is none.
    [[nodiscard]] std::optional<json_view> find(std::string_view name) const noexcept;
    template <json_integer I>
    [[nodiscard]] std::optional<json_view> find(I index) const noexcept {
        if (!std::in_range<std::size_t>(index)) return std::nullopt;
        return element(static_cast<std::size_t>(index));
    }

    /// The elements of an array: json_view. None of anything else.
    [[nodiscard]] json_range<json_view_element> elements() const noexcept;
    /// The members of an object, sorted by name: pairs of std::string and json_view. None of anything else.
    [[nodiscard]] json_range<json_view_member> members() const noexcept;

    /// The value as a T, exactly: nothing if it is of another kind or does not fit. A number with a fraction or an
    /// exponent is an integer only if it is whole and at most 2^53. Floating point is rounded; nothing if it is too
    /// large. A string is UTF-8.
    template <json_scalar_type T>
    [[nodiscard]] std::optional<T> get() const {
        if constexpr (std::same_as<T, bool>) {
            return boolean();
        } else if constexpr (std::same_as<T, std::string>) {
            return string();
        } else if constexpr (std::floating_point<T>) {
            auto const value = number();
            if (!value || *value > std::numeric_limits<T>::max() || *value < std::numeric_limits<T>::lowest())
                return std::nullopt;
            return static_cast<T>(*value);
        } else {
            auto const value = integer<std::is_signed_v<T>>();
            if (!value || !std::in_range<T>(*value)) return std::nullopt;
            return static_cast<T>(*value);
        }
    }

  private:
    [[nodiscard]] std::optional<json_view> element(std::size_t index) const noexcept;
    [[nodiscard]] std::optional<bool> boolean() const noexcept;
    [[nodiscard]] std::optional<double> number() const;
    [[nodiscard]] std::optional<std::int64_t> signed_integer() const;
    [[nodiscard]] std::optional<std::uint64_t> unsigned_integer() const;
    template <bool is_signed>
    [[nodiscard]] auto integer() const {
        if constexpr (is_signed)
            return signed_integer();
        else
            return unsigned_integer();
    }
    [[nodiscard]] std::optional<std::string> string() const;

    std::string_view text_;
};

inline json_view json_view_element::operator()(json_step const &step) const noexcept { return json_view(step.value()); }

} // namespace phial
