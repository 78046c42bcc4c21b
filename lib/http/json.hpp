// JSON, parsed, looked into and written, as one value: a checked text in canonical form. Integers are not rounded,
// nothing is held twice.
#pragma once

#include "phial/http/held_text.hpp"
#include "phial/http/json_part.hpp"
#include "phial/http/limits.hpp"
#include "phial/text/json_view.hpp"
#include "phial/text/number.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace phial {

class json_at;

/// What loops over the parts of a json see.
struct json_element {
    json_view root;
    [[nodiscard]] json_at operator()(json_step const &step) const;
};
struct json_named_element {
    json_view root;
    [[nodiscard]] std::pair<std::string, json_at> operator()(json_step const &step) const;
};

/// A place in a json: the value there, or none. It refers to the json that it was taken from, and can be used until
/// that is changed, moved or destroyed.
///
///     body["address"]["city"].as<std::string>()
///     body["limit"].value_or(10)
///
/// What is not as it is asked for is the client's mistake: http_error(422), whose message and detail say where and what
/// was expected: `The body's /tags/3 must be a text.` A place in one that is not there is not there either.
class json_at {
  public:
    /// The place of `here`, a view into the text of `root`.
    json_at(json_view root, json_view here) noexcept : root_(root), here_(here) {}

    /// There is a value, even if it is null.
    [[nodiscard]] bool exists() const noexcept { return !missing_from_; }
    /// There is a value, and it is not null.
    explicit operator bool() const noexcept { return kind() != json_kind::null; }

    /// The value; null if there is none.
    [[nodiscard]] json_view view() const noexcept { return exists() ? here_ : json_view(); }
    operator json_view() const noexcept { return view(); }
    [[nodiscard]] json_kind kind() const noexcept { return view().kind(); }
    /// As json_view::size.
    [[nodiscard]] std::size_t size() const noexcept { return view().size(); }

    /// A member by its name, which is UTF-8, or an element by its index.
    [[nodiscard]] json_at operator[](std::string_view name) const;
    template <json_integer I>
    [[nodiscard]] json_at operator[](I index) const {
        if (!exists()) return *this;
        if (auto const found = here_.find(index)) return {root_, *found};
        return missing(json_kind::array, std::to_string(index));
    }

    /// For range-for: json_at of each element of an array, and the name (std::string) and json_at of each member of an
    /// object. Both throw http_error(422) if it is anything else or not there.
    [[nodiscard]] json_range<json_element> elements() const;
    [[nodiscard]] json_range<json_named_element> members() const;

    /// Like json_view::get. Returns nothing if the value is absent.
    template <json_scalar_type T>
    [[nodiscard]] std::optional<T> get() const {
        return view().get<T>();
    }

    /// The value as a T: what json_view::get takes, json (a copy), a std::vector of such types, or a std::optional of
    /// one, which is empty if the value is null or absent. Throws http_error(422) if the value has another type or is
    /// absent.
    template <class T>
    [[nodiscard]] T as() const;

    /// The same, but `otherwise` if the value is null or absent. For a text it returns a std::string.
    template <class T>
    [[nodiscard]] auto value_or(T otherwise) const {
        using value = std::conditional_t<detail::text_like<T>, std::string, T>;
        auto found = as<std::optional<value>>();
        return found ? *std::move(found) : value(std::move(otherwise));
    }

    /// The JSON pointer (RFC 6901) to this place; cut, and ended by `...`, if it is longer than a message should be.
    [[nodiscard]] std::string pointer() const;

  private:
    json_at missing(json_kind from, std::string name) const;
    // Throws if it is missing because what is around it is of another kind.
    void require_room() const;
    [[noreturn]] void refuse(std::string_view expected) const;
    [[noreturn]] void refuse_integer(std::int64_t least, std::uint64_t most) const;

    json_view root_;
    json_view here_;                        // if it is missing: the last value on the way to it
    std::string missing_;                   // its name or index
    std::optional<json_kind> missing_from_; // an array or an object, which here_ should be
};

/// A JSON value, stored as its compact text: keys sorted by code point, ASCII only (`\uXXXX`), integers with all their
/// digits, floats as append_double prints them. A value type; copies share a large text.
///
///     json{{"hello", "world"}, {"number", 3}}      an object
///     json_array list; list.push_back(1);          an array
///     json::parse(text)                            a text that was received
///
/// Memory is proportional to the text, whatever it contains: a tree of nodes can need twenty times as much as its text.
class json {
  public:
    using member = json_member;

    json(std::nullptr_t = nullptr) : text_("null") {}
    json(std::same_as<bool> auto value) : text_(value ? "true" : "false") {}
    template <json_integer T>
    json(T value) {
        if constexpr (std::is_signed_v<T>)
            append_integer(text_, std::int64_t{value});
        else
            append_integer(text_, std::uint64_t{value});
    }
    template <json_character T>
    json(T) {
        detail::refuse_character<T>();
    }
    /// Throws std::invalid_argument for infinity and NaN, which JSON cannot express.
    json(std::floating_point auto value) : json(from_double(static_cast<double>(value))) {}
    /// Bytes that are not UTF-8 become U+FFFD.
    template <class T>
        requires std::convertible_to<T const &, std::string_view>
    json(T const &value) : json(from_string(std::string_view(value))) {}
    /// Of members with equal names the last one is kept.
    json(std::initializer_list<member> members);
    /// An array from a range, an object from a map with texts as keys, null from an empty std::optional. For many
    /// values json_array is better: it can count its memory.
    template <json_composite T>
    json(T &&value) {
        append_json(text_, json_part(value));
    }
    /// A copy of a part of a json; null if it is not there. A copy that is large is counted in the account.
    template <class T>
        requires std::convertible_to<T const &, json_view>
    json(T const &part) : json(static_cast<json_view>(part), nullptr) {}
    json(json_view part, std::shared_ptr<memory_account> const &account);

    /// Parses one JSON text (RFC 8259), strictly: no NaN, comments, trailing commas or garbage, no invalid UTF-8 or
    /// lone surrogates, no number outside the range of a double (integers may have any length). A byte order mark is
    /// skipped. Of equal keys the last one is kept. `depth`: how deep arrays and objects may be nested. Throws
    /// http_error(400), which says what is wrong and at which byte, and http_error(413) for a text above 512 MiB. With
    /// an account, the memory for parsing and for the value is counted there, and this throws what memory_account::take
    /// throws. Time is n log n of the text's length.
    [[nodiscard]] static json parse(std::string_view text, std::size_t depth = message_limits().json_depth,
                                    std::shared_ptr<memory_account> const &account = nullptr);

    /// The compact text; the view lives as long as this value.
    [[nodiscard]] std::string_view text() const noexcept { return large_ ? large_->view() : text_; }

    /// The text if it is large, to be sent without a copy; null if it is small.
    [[nodiscard]] std::shared_ptr<held_text> const &shared_text() const noexcept { return large_; }

    /// Looks into the value, as json_at and json_view do. What these return refers to this value, which therefore needs
    /// a name: `auto const body = co_await rq.json();`
    [[nodiscard]] json_view view() const & noexcept { return json_view(text()); }
    [[nodiscard]] json_at operator[](std::string_view name) const & { return root()[name]; }
    template <json_integer I>
    [[nodiscard]] json_at operator[](I index) const & {
        return root()[index];
    }
    [[nodiscard]] json_range<json_element> elements() const & { return root().elements(); }
    [[nodiscard]] json_range<json_named_element> members() const & { return root().members(); }
    json_view view() const && = delete; // "auto const body = json::parse(...)" first: what is found refers to it
    json_at operator[](std::string_view name) const && = delete; // the json needs a name first
    template <json_integer I>
    json_at operator[](I index) const && = delete; // the json needs a name first
    json_range<json_element> elements() const && = delete;
    json_range<json_named_element> members() const && = delete;

    [[nodiscard]] json_kind kind() const noexcept { return json_view(text()).kind(); }
    [[nodiscard]] std::size_t size() const noexcept { return json_view(text()).size(); }
    template <json_scalar_type T>
    [[nodiscard]] std::optional<T> get() const {
        return json_view(text()).get<T>();
    }
    template <class T>
    [[nodiscard]] T as() const {
        return root().as<T>();
    }

    friend bool operator==(json const &a, json const &b) noexcept { return a.text() == b.text(); }

  private:
    friend class json_array;
    friend class json_object;
    struct canonical {};
    json(canonical, std::string text) : text_(std::move(text)) {}
    json(canonical, held_text text);
    [[nodiscard]] json_at root() const noexcept { return {json_view(text()), json_view(text())}; }
    static json from_double(double value);
    static json from_string(std::string_view value);

    std::string text_;
    std::shared_ptr<held_text> large_; // instead of text_
};

/// Collects the elements of an array. Copies share their text until an element is added to one of them.
class json_array {
  public:
    /// With an account (request::memory) the text is counted there.
    explicit json_array(std::shared_ptr<memory_account> account = nullptr);

    /// Both throw what memory_account::take throws.
    void push_back(json_part const &element);
    void push_back(std::initializer_list<json_member> members) { push_back(json_part(members)); }

    /// A copy of the current content.
    operator json() const { return {json::canonical{}, text_->str() + ']'}; }

  private:
    friend json_source source_of(json_array const &value) noexcept;

    std::shared_ptr<held_text> text_; // without the closing bracket
};

/// Collects the members of an object one by one.
///
///     json_object user; user["name"] = name; user["tags"] = std::vector{1, 2};
class json_object {
  public:
    /// The value of that name, to be assigned to; a new one is null. It stays where it is. Of a name that is not UTF-8,
    /// what is wrong becomes U+FFFD.
    [[nodiscard]] json &operator[](std::string_view name);

    /// Replaces an earlier value of the same name.
    void set(std::string_view name, json value) { (*this)[name] = std::move(value); }

    /// A copy of the current content.
    operator json() const;

  private:
    friend class json_part;
    void append_to(std::string &out) const;

    std::map<std::string, json, std::less<>> members_;
};

template <class T>
T json_at::as() const {
    if constexpr (detail::is_optional<T>) {
        if (*this) return as<typename T::value_type>();
        require_room();
        return std::nullopt;
    } else if constexpr (detail::is_vector<T>) {
        T all;
        for (auto const &element : elements()) all.push_back(element.template as<typename T::value_type>());
        return all;
    } else if constexpr (std::same_as<T, json>) {
        if (!exists()) refuse("a value");
        return here_;
    } else if constexpr (json_scalar_type<T>) {
        if (auto value = get<T>()) return *std::move(value);
        if constexpr (json_integer<T>)
            refuse_integer(std::int64_t{std::numeric_limits<T>::min()}, std::uint64_t{std::numeric_limits<T>::max()});
        else
            refuse(std::same_as<T, bool> ? "true or false" : std::same_as<T, std::string> ? "a text" : "a number");
    } else {
        static_assert(json_scalar_type<T>, "phial: a JSON value is read as bool, a number (no character), std::string "
                                           "or json, or as a std::vector or std::optional of these");
    }
}

/// The text with white space as Python's json.dumps writes it: `{"a": 1, "b": [1, 2]}`.
[[nodiscard]] std::string dumps(json const &value);

/// The same, counted in `account`. Throws what memory_account::take throws.
[[nodiscard]] held_text dumps(json const &value, std::shared_ptr<memory_account> account);

/// The text indented by two spaces per level, as json.dumps(indent=2) writes it.
[[nodiscard]] std::string dumps_indented(json const &value);

} // namespace phial
