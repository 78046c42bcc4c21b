// JSON, parsed and written, as one value: a checked text in canonical form. Integers are not rounded, nothing is held
// twice.
#pragma once

#include "phial/http/held_text.hpp"
#include "phial/http/json_part.hpp"
#include "phial/http/limits.hpp"
#include "phial/text/number.hpp"

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace phial {

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
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    json(T value) {
        if constexpr (std::is_signed_v<T>)
            append_integer(text_, std::int64_t{value});
        else
            append_integer(text_, std::uint64_t{value});
    }
    /// Throws std::invalid_argument for infinity and NaN, which JSON cannot express.
    json(std::floating_point auto value) : json(from_double(static_cast<double>(value))) {}
    /// Bytes that are not UTF-8 become U+FFFD.
    template <class T>
        requires std::convertible_to<T const &, std::string_view>
    json(T const &value) : json(from_string(std::string_view(value))) {}
    /// Of members with equal names the last one is kept.
    json(std::initializer_list<member> members);

    /// Parses one JSON text (RFC 8259), strictly: no NaN, comments, trailing commas or garbage, no invalid UTF-8 or
    /// lone surrogates, no number outside the range of a double (integers may have any length). A byte order mark is
    /// skipped. Of equal keys the last one is kept. `depth`: how deep arrays and objects may be nested. Throws
    /// http_error(400), which says what is wrong and at which byte, and http_error(413) for a text above 512 MiB. With
    /// an account, the memory for parsing and for the value is counted there, and this throws what memory_account::take
    /// throws. Time is n log n of the text's length.
    [[nodiscard]] static json parse(std::string_view text, std::size_t depth = message_limits().json_depth,
                                    std::shared_ptr<memory_account> const &account = nullptr);

    /// The compact text; the view lives as long as this value. boost::json::parse(value.text()) gives a tree to look
    /// inside (it rounds long integers).
    [[nodiscard]] std::string_view text() const noexcept { return large_ ? large_->view() : text_; }

    /// The text if it is large, to be sent without a copy; null if it is small.
    [[nodiscard]] std::shared_ptr<held_text> const &shared_text() const noexcept { return large_; }

    friend bool operator==(json const &a, json const &b) noexcept { return a.text() == b.text(); }

  private:
    friend class json_array;
    friend class json_object;
    struct canonical {};
    json(canonical, std::string text) : text_(std::move(text)) {}
    json(canonical, held_text text);
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

/// Collects the members of an object whose names are known only at run time.
class json_object {
  public:
    /// Replaces an earlier value of the same name.
    void set(std::string name, json value) { members_.insert_or_assign(std::move(name), std::move(value)); }

    /// A copy of the current content.
    operator json() const;

  private:
    std::map<std::string, json> members_;
};

/// The text with white space as Python's json.dumps writes it: `{"a": 1, "b": [1, 2]}`.
[[nodiscard]] std::string dumps(json const &value);

/// The same, counted in `account`. Throws what memory_account::take throws.
[[nodiscard]] held_text dumps(json const &value, std::shared_ptr<memory_account> account);

/// The text indented by two spaces per level, as json.dumps(indent=2) writes it.
[[nodiscard]] std::string dumps_indented(json const &value);

} // namespace phial
