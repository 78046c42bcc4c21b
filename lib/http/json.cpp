// Writes canonical JSON, adds white space to it, and finds the places in it. json_parse.cpp parses it.
#include "phial/http/json.hpp"

#include "phial/http/http_error.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/json_pointer.hpp"
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

void append_members(std::string &out, std::vector<json_member> const &all) {
    char before = '{';
    auto const append = [&](std::string_view name, json_part const &value) {
        out += std::exchange(before, ',');
        append_json_string(out, name);
        out += ':';
        append_json(out, value);
    };
    auto const disorder = [](auto const &a, auto const &b) { return a.first >= b.first; };
    if (std::adjacent_find(all.begin(), all.end(), disorder) == all.end() &&
        std::all_of(all.begin(), all.end(), [](auto const &member) { return is_utf8(member.first); })) {
        for (auto const &[name, value] : all) append(name, value);
    } else {
        std::list<std::string> mended;
        std::map<std::string_view, json_part const *> sorted;
        for (auto const &[name, value] : all)
            sorted.insert_or_assign(is_utf8(name) ? name : mended.emplace_back(to_utf8(name)), &value);
        for (auto const &[name, value] : sorted) append(name, *value);
    }
    if (before == '{') out += before;
    out += '}';
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

json &json_object::operator[](std::string_view name) {
    if (!is_utf8(name)) return members_[to_utf8(name)];
    auto const place = members_.lower_bound(name);
    if (place != members_.end() && place->first == name) return place->second;
    return members_.emplace_hint(place, name, nullptr)->second;
}

void json_object::append_to(std::string &out) const {
    char before = '{';
    for (auto const &[name, value] : members_) {
        out += std::exchange(before, ',');
        append_json_string(out, name);
        out += ':';
        out += value.text();
    }
    if (before == '{') out += before;
    out += '}';
}

json_object::operator json() const {
    std::string text;
    append_to(text);
    return {json::canonical{}, std::move(text)};
}

void json_part::append_object(std::string &out, void const *object) {
    static_cast<json_object const *>(object)->append_to(out);
}

json::json(json_view part, std::shared_ptr<memory_account> const &account) {
    if (part.text().size() <= large) {
        text_ = part.text();
        return;
    }
    large_ = std::make_shared<held_text>(account);
    large_->append(part.text());
}

json_at json_element::operator()(json_step const &step) const { return {root, json_view(step.value())}; }

std::pair<std::string, json_at> json_named_element::operator()(json_step const &step) const {
    return {unescape_json(step.name()), json_at(root, json_view(step.value()))};
}

json_at json_at::operator[](std::string_view name) const {
    if (!exists()) return *this;
    if (auto const found = here_.find(name)) return {root_, *found};
    return missing(json_kind::object, std::string(name));
}

json_at json_at::missing(json_kind from, std::string name) const {
    json_at place = *this;
    place.missing_ = std::move(name);
    place.missing_from_ = from;
    return place;
}

json_range<json_element> json_at::elements() const {
    if (kind() != json_kind::array) refuse("an array");
    return {json_step(here_.text()), {root_}};
}

json_range<json_named_element> json_at::members() const {
    if (kind() != json_kind::object) refuse("an object");
    return {json_step(here_.text()), {root_}};
}

// Clients choose names, and a message should be read.
constexpr std::size_t longest_pointer = 200;

std::string json_at::pointer() const {
    auto pointer = json_pointer(root_, here_, longest_pointer);
    if (!exists()) append_pointer_token(pointer, to_utf8(std::string_view(missing_).substr(0, longest_pointer)));
    return pointer;
}

void json_at::require_room() const {
    if (missing_from_ && here_.kind() != json_kind::null && here_.kind() != *missing_from_) refuse("");
}

// A member is missing from an object. From anything else: that should have been one.
void json_at::refuse(std::string_view expected) const {
    auto const fail = [](std::string pointer, std::string what) {
        auto message = concat("The body", pointer.empty() ? "" : "'s ", pointer, " ", what, ".");
        return http_error(422, std::move(message), {{.pointer = std::move(pointer), .detail = std::move(what)}});
    };
    if (exists()) throw fail(pointer(), concat("must be ", expected));
    if (here_.kind() == *missing_from_) throw fail(pointer(), "is missing");
    throw fail(json_at(root_, here_).pointer(),
               *missing_from_ == json_kind::object ? "must be an object" : "must be an array");
}

void json_at::refuse_integer(std::int64_t least, std::uint64_t most) const {
    refuse(concat("an integer from ", least, " to ", most));
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
