#include "phial/openapi/json_schemas.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/typed/write.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace phial {
namespace {

bool has_name(schema const &type) noexcept {
    return type.kind == schema_kind::object || type.kind == schema_kind::enumeration;
}

// An enumeration is the same in both directions.
direction used_as(schema const &type, direction d) noexcept {
    return type.kind == schema_kind::enumeration ? direction::answer : d;
}

bool is_word(char c) noexcept { return is_alpha(c) || is_digit(c) || c == '_'; }

constexpr auto all_members = std::numeric_limits<std::uint32_t>::max();

// Numbers that every reader of JSON has exactly. A bound beyond them is left out.
constexpr std::int64_t largest_exact = std::int64_t{1} << 53;

void write_bounds(json_writer &to, schema const &type, std::string_view least, std::string_view most) {
    if (type.low > 0) to.number(least, type.low);
    if (type.high != schema::unlimited) to.number(most, type.high);
}

// Only what a client sends is held against bounds; those of the small integer types always hold.
void write_integer(json_writer &to, schema const &type, direction d) {
    to.text("type", "integer");
    bool const is_large = type.size == sizeof(std::int64_t);
    if (is_large) to.text("format", type.is_signed ? "int64" : "uint64");
    if (is_large && d == direction::answer) {
        if (!type.is_signed) to.number("minimum", 0);
        return;
    }
    if (type.low >= -largest_exact) to.number("minimum", type.low);
    auto const high = static_cast<std::int64_t>(type.high); // of an unsigned type it may look negative
    if (high <= largest_exact && (type.is_signed || high >= 0)) to.number("maximum", high);
}

void write_real(json_writer &to, schema const &type, direction d) {
    to.text("type", "number");
    to.text("format", type.size == sizeof(float) ? "float" : "double");
    if (d == direction::answer || !type.is_bounded) return;
    if (std::isfinite(type.least)) to.number("minimum", type.least);
    if (std::isfinite(type.greatest)) to.number("maximum", type.greatest);
}

void write_string(json_writer &to, schema const &type, direction d) {
    to.text("type", "string");
    if (d == direction::answer) return;
    write_bounds(to, type, "minLength", "maxLength");
    if (!type.pattern.empty()) to.text("pattern", type.pattern);
    if (!type.example.empty()) to.array("examples", [&] { to.text(type.example); });
}

} // namespace

std::string json_schemas::name_of(schema const &type) {
    std::string name;
    std::size_t word = 0; // where the last one begins
    for (std::size_t n = 0; n < type.name.size(); ++n) {
        char const c = type.name[n];
        if (c == '{' || c == '(') { // {anonymous}
            n = std::min(type.name.find(c == '{' ? '}' : ')', n), type.name.size());
        } else if (is_word(c)) {
            name += c;
        } else if (c == ':') {
            name.resize(word);
        } else {
            if (!name.empty() && name.back() != '_') name += '_';
            word = name.size();
        }
    }
    while (name.ends_with('_')) name.pop_back();
    return name;
}

void json_schemas::add(schema const &type, direction d) {
    if (has_name(type)) {
        key const named(&type, used_as(type, d));
        if (std::find(named_.begin(), named_.end(), named) != named_.end()) return;
        auto const [at, is_new] = names_.emplace(name_of(type), &type);
        if (!is_new && at->second != &type) {
            auto const other = at->second == nullptr ? std::string_view("one of phial's own") : at->second->name;
            throw std::invalid_argument(
                concat("openapi: two types are called ", at->first, " (", type.name, " and ", other,
                       "); give a struct a member `static constexpr std::string_view schema_name = \"...\"`, and an "
                       "enumeration a phial::schema_name_of"));
        }
        named_.push_back(named);
    }
    if (type.element != nullptr) add(*type.element, d);
    for (auto const &m : type.members) add(*m.type, d);
}

std::string json_schemas::component_name(key named) const {
    auto name = name_of(*named.first);
    key const answer(named.first, direction::answer);
    bool const has_both =
        named.second == direction::input && std::find(named_.begin(), named_.end(), answer) != named_.end();
    return has_both ? name + ".input" : name;
}

void json_schemas::write(json_writer &to, schema const &type, direction d, member_words words) const {
    auto const beside = [&] {
        if (!words.description.empty()) to.text("description", words.description);
        if (!words.default_text.empty()) to.raw("default", words.default_text);
    };
    auto const *value = &type;
    while (value->kind == schema_kind::optional) value = value->element;
    bool const may_be_null = value != &type;
    to.object([&] {
        auto const refer = [&] {
            to.text("$ref", concat("#/components/schemas/", component_name({value, used_as(*value, d)})));
        };
        if (!has_name(*value) && !may_be_null) {
            write_content(to, *value, d);
        } else if (!may_be_null) {
            refer();
        } else if (value->kind != schema_kind::any) {
            to.array("anyOf", [&] {
                to.object([&] { has_name(*value) ? refer() : write_content(to, *value, d); });
                to.object([&] { to.text("type", "null"); });
            });
        }
        beside();
    });
}

void json_schemas::write_content(json_writer &to, schema const &type, direction d) const {
    switch (type.kind) {
    case schema_kind::boolean: to.text("type", "boolean"); break;
    case schema_kind::integer: write_integer(to, type, d); break;
    case schema_kind::real: write_real(to, type, d); break;
    case schema_kind::string: write_string(to, type, d); break;
    case schema_kind::date_time:
        to.text("type", "string");
        to.text("format", "date-time");
        break;
    case schema_kind::full_date:
        to.text("type", "string");
        to.text("format", "date");
        break;
    case schema_kind::enumeration:
        to.text("type", "string");
        to.array("enum", [&] {
            for (auto const name : type.enumerators) to.text(name);
        });
        break;
    case schema_kind::array:
        to.text("type", "array");
        to.key("items");
        write(to, *type.element, d);
        if (d == direction::input) write_bounds(to, type, "minItems", "maxItems");
        break;
    case schema_kind::dictionary:
        to.text("type", "object");
        to.key("additionalProperties");
        write(to, *type.element, d);
        if (d == direction::input) write_bounds(to, type, "minProperties", "maxProperties");
        break;
    case schema_kind::object: write_object(to, type, d); break;
    case schema_kind::optional:
    case schema_kind::any: break; // any value
    }
}

void json_schemas::write_object(json_writer &to, schema const &type, direction d) const {
    to.text("type", "object");
    if (!type.description.empty()) to.text("description", type.description);
    bool const is_input = d == direction::input;
    if (is_input)
        write_members(to, type.members, d, initialisers(type), type.facts().required);
    else
        write_members(to, type.members, d, std::vector<std::string>(type.members.size()), all_members);
    if (is_input && !type.is_open) to.raw("additionalProperties", "false");
}

void json_schemas::write_form(json_writer &to, schema const &type) const {
    std::vector<schema_member> members(type.members.begin(), type.members.end());
    auto required = type.facts().required;
    for (std::size_t n = 0; n < members.size(); ++n) {
        auto const *&member = members[n].type;
        while (member->kind == schema_kind::optional) member = member->element;
        if (member->kind == schema_kind::array) required &= ~(std::uint32_t{1} << n);
    }
    to.object([&] {
        to.text("type", "object");
        if (!type.description.empty()) to.text("description", type.description);
        write_members(to, members, direction::input, initialisers(type), required);
        if (!type.is_open) to.raw("additionalProperties", "false");
    });
}

void json_schemas::write_members(json_writer &to, std::span<schema_member const> members, direction d,
                                 std::vector<std::string> const &defaults, std::uint32_t required) const {
    to.object("properties", [&] {
        for (std::size_t n = 0; n < members.size(); ++n) {
            to.key(members[n].name);
            write(to, *members[n].type, d, {members[n].description, defaults[n]});
        }
    });
    if (required == 0) return;
    to.array("required", [&] {
        for (std::size_t n = 0; n < members.size(); ++n)
            if ((required >> n & 1U) != 0) to.text(members[n].name);
    });
}

void json_schemas::write_components(json_writer &to) const {
    for (auto const &named : named_) {
        to.key(component_name(named));
        to.object([&] { write_content(to, *named.first, named.second); });
    }
}

} // namespace phial
