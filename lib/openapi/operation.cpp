#include "phial/openapi/operation.hpp"

#include "phial/openapi/responses.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/typed/write.hpp"

#include <set>
#include <string>
#include <vector>

namespace phial {
namespace {

template <class F>
void for_each_input(mounted_route const &route, F visit) {
    for (auto const &i : route.declares.inputs) visit(i);
    for (auto const &i : route.notes->inputs) visit(i);
}

// "If-Match" of if_match.
std::string field_name(std::string_view member) {
    std::string name;
    for (char const c : member) {
        bool const begins = name.empty() || name.back() == '-';
        name += c == '_' ? '-' : begins ? to_upper(c) : c;
    }
    return name;
}

// OpenAPI has other words for these fields.
bool has_own_words(std::string_view field) noexcept {
    return field == "Accept" || field == "Content-Type" || field == "Authorization";
}

std::string_view schema_of_parameter(segment_kind kind) noexcept {
    switch (kind) {
    case segment_kind::integer: return R"({"type":"integer","format":"int64","minimum":0})";
    case segment_kind::floating: return R"({"type":"string","pattern":"^[0-9]+\\.[0-9]+$","examples":["1.5"]})";
    default: return R"({"type":"string","minLength":1})";
    }
}

class operation_writer {
  public:
    operation_writer(json_writer &to, openapi_parts &parts, mounted_route const &route, method m)
        : to_(to),
          parts_(parts),
          route_(route),
          method_(m) {}

    void write(std::string_view path, std::string_view id) {
        auto const &notes = *route_.notes;
        to_.object([&] {
            if (!route_.tag->name.empty()) to_.array("tags", [&] { to_.text(route_.tag->name); });
            to_.text("summary", notes.summary.empty() ? concat(to_string(method_), " ", path) : notes.summary);
            if (!notes.description.empty()) to_.text("description", notes.description);
            to_.text("operationId", id);
            write_parameters(path);
            if (content_methods.contains(method_)) write_body();
            write_responses(to_, parts_, route_);
            write_security();
        });
    }

  private:
    void write_parameters(std::string_view path) {
        bool any = route_.parsed->parameters() != 0;
        for_each_input(route_, [&any](input_schema const &i) { any = any || !i.is_content(); });
        if (!any) return;
        to_.array("parameters", [&] {
            write_path_parameters(path);
            for_each_input(route_, [&](input_schema const &i) {
                if (!i.is_content()) write_pairs(i);
            });
        });
    }

    // The names are those in `path`, which another route may have given.
    void write_path_parameters(std::string_view path) {
        for (std::size_t n = 0; n < route_.parsed->parameters(); ++n) {
            path.remove_prefix(path.find('{') + 1);
            auto const kind = route_.parsed->parameter(n);
            to_.object([&] {
                to_.text("name", path.substr(0, path.find('}')));
                to_.text("in", "path");
                if (kind == segment_kind::path) to_.text("description", "It may contain slashes.");
                to_.raw("required", "true");
                to_.raw("schema", schema_of_parameter(kind));
            });
        }
    }

    void write_pairs(input_schema const &input) {
        auto const &type = *input.type;
        auto const defaults = initialisers(type);
        for (std::size_t n = 0; n < type.members.size(); ++n) {
            auto const &m = type.members[n];
            bool const is_query = input.source == input_source::query;
            if (!is_query && has_own_words(field_name(m.name))) continue;
            auto const *value = m.type;
            while (value->kind == schema_kind::optional) value = value->element; // it is absent, never null
            bool const is_required = (type.facts().required >> n & 1U) != 0 && value->kind != schema_kind::array;
            to_.object([&] {
                to_.text("name", is_query ? std::string(m.name) : field_name(m.name));
                to_.text("in", is_query ? "query" : "header");
                if (!m.description.empty()) to_.text("description", m.description);
                if (is_required) to_.raw("required", "true");
                to_.key("schema");
                parts_.schemas.write(to_, *value, direction::input, {{}, defaults[n]});
            });
        }
    }

    void write_body() {
        std::vector<route_notes::content> contents;
        bool is_form = false;
        for_each_input(route_, [&](input_schema const &i) {
            if (i.source == input_source::body) add_content(contents, "application/json", i.type);
            if (i.source != input_source::form) return;
            is_form = true;
            add_content(contents, "application/x-www-form-urlencoded", i.type);
            add_content(contents, "multipart/form-data", i.type);
        });
        for (auto const &c : route_.notes->takes) add_content(contents, c.media_type, c.type);
        if (contents.empty()) return;
        to_.object("requestBody", [&] {
            to_.raw("required", "true");
            write_contents(to_, parts_.schemas, contents, direction::input, is_form);
        });
    }

    void write_security() {
        std::set<std::string> names;
        for (auto const &fact : route_.facts)
            if (fact.name == "security") names.insert(login_name(fact.value));
        if (names.empty()) return;
        to_.array("security", [&] {
            to_.object([&] {
                for (auto const &name : names) to_.raw(name, "[]");
            });
        });
    }

    // "basic_Example" of `Basic realm="Example"`, different for each.
    std::string login_name(std::string const &challenge) {
        auto name = lower(challenge.substr(0, challenge.find(' ')));
        constexpr std::string_view before = "realm=\"";
        if (auto const realm = challenge.find(before); realm != challenge.npos) {
            name += '_';
            for (char const c : challenge.substr(realm + before.size())) {
                if (c == '"') break;
                name += is_alpha(c) || is_digit(c) || c == '-' ? c : '_';
            }
        }
        auto unique = name;
        for (int n = 2;; ++n) {
            auto const [at, is_new] = parts_.logins.emplace(unique, challenge);
            if (is_new || at->second == challenge) return unique;
            unique = concat(name, "_", n);
        }
    }

    json_writer &to_;
    openapi_parts &parts_;
    mounted_route const &route_;
    method method_;
};

} // namespace

void add_types(openapi_parts &parts, mounted_route const &route) {
    for_each_input(route, [&](input_schema const &i) {
        if (i.source == input_source::body) return parts.schemas.add(*i.type, direction::input);
        for (auto const &m : i.type->members) parts.schemas.add(*m.type, direction::input);
    });
    if (route.declares.answer != nullptr && route.declares.answer->type != nullptr)
        parts.schemas.add(*route.declares.answer->type, direction::answer);
    for (auto const &c : route.notes->takes)
        if (c.type != nullptr) parts.schemas.add(*c.type, direction::input);
    for (auto const &r : route.notes->gives)
        if (r.body.type != nullptr) parts.schemas.add(*r.body.type, direction::answer);
}

void write_operation(json_writer &to, openapi_parts &parts, mounted_route const &route, method m, std::string_view path,
                     std::string_view id) {
    operation_writer(to, parts, route, m).write(path, id);
}

std::string lower(std::string_view text) {
    std::string out;
    for (char const c : text) out += to_lower(c);
    return out;
}

} // namespace phial
