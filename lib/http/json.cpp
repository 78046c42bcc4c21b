// Writes canonical JSON and adds white space to it. json_parse.cpp parses it.
#include "phial/http/json.hpp"

#include "phial/text/json_spacing.hpp"
#include "phial/text/json_text.hpp"
#include "phial/text/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

namespace phial {
namespace {

// A text longer than this is kept as it is and shared instead of copied.
constexpr std::size_t large = 4096;

// Copies a canonical text. `between` writes brackets, commas and colons, with the white space around them.
template <class Between>
void respace(std::string &out, std::string_view text, Between between) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (quoted && c == '\\') {
            out += c;
            out += text[++i];
        } else if (quoted || c == '"') {
            quoted = quoted != (c == '"');
            out += c;
        } else {
            between(out, c, i + 1 < text.size() ? text[i + 1] : '\0');
        }
    }
}

// Bytes of room for dumps. For a large text they are counted. For a small one the limit is used: at most half of the
// bytes of a text are separators.
std::size_t spaced_room(std::string_view text) {
    auto const separators = text.size() > large ? json_separators(text) : text.size() / 2;
    return text.size() + separators + json_spacing_slack;
}

} // namespace

json json::from_double(double value) {
    if (!std::isfinite(value)) throw std::invalid_argument("json: JSON has no infinity and no NaN");
    std::string text;
    append_double(text, value);
    return {canonical{}, std::move(text)};
}

json json::from_string(std::string_view value) {
    std::string text;
    append_json_string(text, value);
    return {canonical{}, std::move(text)};
}

json::json(std::initializer_list<member> members) { append_json(text_, json_part(members)); }

json::json(canonical, held_text text) {
    if (text.size() > large)
        large_ = std::make_shared<held_text>(std::move(text));
    else
        text_ = text.view();
}

std::string json_scalar(json_part const &part) {
    auto const &value = part.value();
    std::string out;
    if (auto const *yes = std::get_if<bool>(&value)) {
        out = *yes ? "true" : "false";
    } else if (auto const *i = std::get_if<std::int64_t>(&value)) {
        append_integer(out, *i);
    } else if (auto const *u = std::get_if<std::uint64_t>(&value)) {
        append_integer(out, *u);
    } else if (auto const *d = std::get_if<double>(&value)) {
        if (!std::isfinite(*d)) throw std::invalid_argument("json: JSON has no infinity and no NaN");
        append_double(out, *d);
    } else {
        out = "null";
    }
    return out;
}

json_source source_of(json const &value) noexcept { return {value.text(), value.shared_text()}; }

json_source source_of(json_array const &value) noexcept {
    return {value.text_->view(), value.text_->size() > large ? value.text_ : nullptr};
}

// An empty name, and one that is not ASCII, is left to sorted_members, which checks that it is UTF-8.
bool is_sorted(json_part::members const &all) noexcept {
    std::string_view previous;
    for (auto const &[name, value] : all) {
        if (name <= previous || !std::all_of(name.begin(), name.end(), is_plain_json)) return false;
        previous = name;
    }
    return true;
}

sorted_members::sorted_members(json_part::members all) {
    sorted_.reserve(all.size());
    for (auto const &[name, value] : all) {
        auto const right = is_utf8(name) ? name : std::string_view(mended_.emplace_back(to_utf8(name)));
        // UTF-8 sorts as code points do. There are few members, and most are in order.
        auto const place = std::upper_bound(sorted_.begin(), sorted_.end(), right,
                                            [](std::string_view n, auto const &m) { return n < m.first; });
        if (place != sorted_.begin() && std::prev(place)->first == right)
            std::prev(place)->second = &value;
        else
            sorted_.insert(place, {right, &value});
    }
}

json_array::json_array(std::shared_ptr<memory_account> account)
    : text_(std::make_shared<held_text>(std::move(account))) {
    *text_ += '[';
}

void json_array::push_back(json_part const &element) {
    if (text_.use_count() > 1) {
        auto own = std::make_shared<held_text>(text_->account());
        *own += text_->view();
        text_ = std::move(own);
    }
    if (text_->size() > 1) *text_ += ',';
    append_json(*text_, element);
}

json_object::operator json() const {
    std::string text = "{";
    for (auto const &[name, value] : members_) {
        if (text.size() > 1) text += ',';
        append_json_string(text, name);
        text += ':';
        text += value.text();
    }
    text += '}';
    return {json::canonical{}, std::move(text)};
}

std::string dumps(json const &value) {
    std::string out(spaced_room(value.text()), '\0');
    out.resize(static_cast<std::size_t>(copy_spaced_json(out.data(), value.text()) - out.data()));
    return out;
}

held_text dumps(json const &value, std::shared_ptr<memory_account> account) {
    held_text out(std::move(account));
    auto *const begin = out.room(spaced_room(value.text()));
    out.added(static_cast<std::size_t>(copy_spaced_json(begin, value.text()) - begin));
    return out;
}

std::string dumps_indented(json const &value) {
    std::string text;
    std::size_t depth = 0;
    auto const new_line = [&depth](std::string &out) { out.append(1, '\n').append(2 * depth, ' '); };
    respace(text, value.text(), [&](std::string &out, char c, char next) {
        bool const opens = c == '[' || c == '{';
        bool const closes = c == ']' || c == '}';
        if (closes && out.back() != '[' && out.back() != '{') {
            --depth;
            new_line(out);
        }
        out += c;
        if (c == ':') out += ' ';
        if (opens && next != ']' && next != '}') ++depth;
        if (c == ',' || (opens && next != ']' && next != '}')) new_line(out);
    });
    return text;
}

} // namespace phial
