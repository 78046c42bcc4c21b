#include "phial/text/json_view.hpp"

#include "phial/text/json_bytes.hpp"
#include "phial/text/json_text.hpp"
#include "phial/text/number.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

namespace phial {
namespace {

constexpr bool opens(char c) noexcept { return c == '[' || c == '{'; }
constexpr bool closes(char c) noexcept { return c == ']' || c == '}'; }

char const *after_container(char const *p, char const *end) noexcept {
    std::size_t depth = 0;
    while (p != end) {
        if (*p == '"') {
            p = json_bytes::after_string(p, end);
            continue;
        }
        depth += opens(*p) ? 1 : 0;
        if (closes(*p++) && --depth == 0) return p;
    }
    return end;
}

char const *after_value(char const *p, char const *end) noexcept {
    if (p == end) return end;
    if (*p == '"') return json_bytes::after_string(p, end);
    if (opens(*p)) return after_container(p, end);
    while (p != end && *p != ',' && !closes(*p)) ++p;
    return p;
}

// Less than 0, 0 or more, by code points: so names are sorted.
int compare(std::string_view written, std::string_view name) noexcept {
    if (written.find('\\') == written.npos) return written.compare(name);
    while (!written.empty()) {
        char room[4];
        auto const c = take_json_character(written, room);
        if (auto const order = c.compare(name.substr(0, c.size())); order != 0) return order;
        name.remove_prefix(c.size());
    }
    return name.empty() ? 0 : -1;
}

// The digits as a T, or a number with a fraction or an exponent that is whole and not rounded.
template <class T>
std::optional<T> read_integer(std::string_view text) {
    if (text.find_first_of(".e") == text.npos) {
        T value = 0;
        auto const *const end = text.data() + text.size();
        auto const [stop, error] = std::from_chars(text.data(), end, value);
        if (error != std::errc() || stop != end) return std::nullopt;
        return value;
    }
    constexpr double exact = 9007199254740992.0; // 2^53: up to here each integer is a double of its own
    auto const value = parse_double(text);
    if (!value || std::trunc(*value) != *value || std::fabs(*value) > exact) return std::nullopt;
    if (*value < 0 && std::is_unsigned_v<T>) return std::nullopt;
    return static_cast<T>(*value);
}

} // namespace

json_step::json_step(std::string_view container) noexcept {
    if (container.size() <= 2 || !opens(container.front())) return;
    is_named_ = container.front() == '{';
    end_ = container.data() + container.size();
    read(container.data() + 1);
}

void json_step::next() noexcept {
    if (is_end()) return;
    auto const *const after = value_.data() + value_.size();
    if (after == end_ || *after != ',')
        value_ = {};
    else
        read(after + 1);
}

void json_step::read(char const *at) noexcept {
    if (is_named_) {
        auto const *const after = at == end_ ? end_ : json_bytes::after_string(at, end_);
        name_ =
            after - at < 2 ? std::string_view() : std::string_view(at + 1, static_cast<std::size_t>(after - at) - 2);
        at = after == end_ ? end_ : after + 1;
    }
    value_ = {at, static_cast<std::size_t>(after_value(at, end_) - at)};
}

json_kind json_view::kind() const noexcept {
    switch (text_.empty() ? 'n' : text_.front()) {
    case 'n': return json_kind::null;
    case 't':
    case 'f': return json_kind::boolean;
    case '"': return json_kind::string;
    case '[': return json_kind::array;
    case '{': return json_kind::object;
    default: return json_kind::number;
    }
}

std::size_t json_view::size() const noexcept {
    std::size_t n = 0;
    for (json_step step(text_); !step.is_end(); step.next()) ++n;
    return n;
}

std::optional<json_view> json_view::find(std::string_view name) const noexcept {
    if (kind() != json_kind::object) return std::nullopt;
    for (json_step step(text_); !step.is_end(); step.next()) {
        auto const order = compare(step.name(), name);
        if (order == 0) return json_view(step.value());
        if (order > 0) break;
    }
    return std::nullopt;
}

std::optional<json_view> json_view::element(std::size_t index) const noexcept {
    if (kind() != json_kind::array) return std::nullopt;
    for (json_step step(text_); !step.is_end(); step.next())
        if (index-- == 0) return json_view(step.value());
    return std::nullopt;
}

json_range<json_view_element> json_view::elements() const noexcept {
    return {kind() == json_kind::array ? json_step(text_) : json_step(), {}};
}

json_range<json_view_member> json_view::members() const noexcept {
    return {kind() == json_kind::object ? json_step(text_) : json_step(), {}};
}

std::pair<std::string, json_view> json_view_member::operator()(json_step const &step) const {
    return {unescape_json(step.name()), json_view(step.value())};
}

std::optional<bool> json_view::boolean() const noexcept {
    if (kind() != json_kind::boolean) return std::nullopt;
    return text_.front() == 't';
}

std::optional<double> json_view::number() const {
    if (kind() != json_kind::number) return std::nullopt;
    return parse_double(text_);
}

std::optional<std::int64_t> json_view::signed_integer() const {
    if (kind() != json_kind::number) return std::nullopt;
    return read_integer<std::int64_t>(text_);
}

std::optional<std::uint64_t> json_view::unsigned_integer() const {
    if (kind() != json_kind::number) return std::nullopt;
    return read_integer<std::uint64_t>(text_);
}

std::optional<std::string> json_view::string() const {
    if (kind() != json_kind::string || text_.size() < 2) return std::nullopt;
    return unescape_json(text_.substr(1, text_.size() - 2));
}

} // namespace phial
