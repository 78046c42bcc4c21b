#include "phial/openapi/operation.hpp"

#include "phial/http/status.hpp"
#include "phial/openapi/error_responses.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/typed/write.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <utility>

namespace phial {
namespace {

std::span<input_schema const> declared_inputs(mounted_route const &route) noexcept { return route.declares.inputs; }

bool is_content(input_schema const &i) noexcept {
    return i.source == input_source::body || i.source == input_source::form;
}

template <class F>
void for_each_input(mounted_route const &route, F visit) {
    for (auto const &i : declared_inputs(route)) visit(i);
    for (auto const &i : route.notes->inputs) visit(i);
}

bool may_have_content(method m) noexcept { return m == method::post || m == method::put || m == method::patch; }

// "If-Match" of if_match.
std::string field_name(std::string_view member) {
    std::string name;
    for (char const c : member) {
        bool const begins = name.empty() || name.back() == '-';
        name += c == '_' ? '-' : begins ? to_upper(c) : c;
    }
    return name;
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
            if (may_have_content(method_)) write_body();
            to_.object("responses", [&] { write_responses(); });
            write_security();
        });
    }

  private:
    void write_parameters(std::string_view path) {
        bool any = route_.parsed->parameters() != 0;
        for_each_input(route_, [&any](input_schema const &i) { any = any || !is_content(i); });
        if (!any) return;
        to_.array("parameters", [&] {
            write_path_parameters(path);
            for_each_input(route_, [&](input_schema const &i) {
                if (!is_content(i)) write_pairs(i);
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
                to_.raw("schema", kind == segment_kind::integer ? R"({"type":"integer","format":"int64","minimum":0})"
                                  : kind == segment_kind::floating ? R"({"type":"number","minimum":0})"
                                                                   : R"({"type":"string","minLength":1})");
            });
        }
    }

    void write_pairs(input_schema const &input) {
        auto const &type = *input.type;
        auto const defaults = initialisers(type);
        for (std::size_t n = 0; n < type.members.size(); ++n) {
            auto const &m = type.members[n];
            auto const *value = m.type;
            while (value->kind == schema_kind::optional) value = value->element; // it is absent, never null
            bool const is_required = (type.facts().required >> n & 1U) != 0 && value->kind != schema_kind::array;
            to_.object([&] {
                bool const is_query = input.source == input_source::query;
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
        std::vector<std::pair<std::string, schema const *>> contents;
        for_each_input(route_, [&](input_schema const &i) {
            if (i.source == input_source::body) contents.emplace_back("application/json", i.type);
            if (i.source != input_source::form) return;
            contents.emplace_back("application/x-www-form-urlencoded", i.type);
            contents.emplace_back("multipart/form-data", i.type);
        });
        for (auto const &c : route_.notes->takes) contents.emplace_back(c.media_type, c.type);
        if (contents.empty()) return;
        to_.object("requestBody", [&] {
            to_.raw("required", "true");
            write_contents(contents, direction::input);
        });
    }

    void write_contents(std::vector<std::pair<std::string, schema const *>> const &contents, direction d) {
        to_.object("content", [&] {
            for (auto const &[media_type, type] : contents)
                to_.object(media_type, [&, &media_type = media_type, type = type] {
                    if (type == nullptr) {
                        if (media_type.starts_with("text/")) to_.raw("schema", R"({"type":"string"})");
                        return;
                    }
                    to_.key("schema");
                    parts_.schemas.write(to_, *type, d);
                });
        });
    }

    void write_responses() {
        write_results();
        std::map<std::string, std::function<void()>> errors; // by status code
        auto const add_shared = [&](std::string_view key) {
            errors.try_emplace(std::string(key.substr(0, 3)), [this, key] { refer(error_name(key)); });
        };
        for (auto const &e : route_.notes->answers)
            errors.try_emplace(std::to_string(e.status), [this, &e] { write_error(e); });
        for (std::size_t n = 0; n < route_.parsed->parameters(); ++n) {
            auto const kind = route_.parsed->parameter(n);
            if (kind == segment_kind::integer || kind == segment_kind::floating) add_shared("404");
        }
        if (route_.declares.answer != nullptr && route_.declares.answer->may_lack) {
            errors.erase("404");
            add_shared("404 empty");
        }
        for (auto const &i : declared_inputs(route_)) {
            add_shared("422");
            if (is_content(i))
                for (auto const *status : {"400", "413", "415"}) add_shared(status);
        }
        for (auto const &fact : route_.facts)
            if (fact.name == "security") add_shared("401");
        for (auto const *status : {"4XX", "5XX"}) add_shared(status);
        for (auto const &[status, write] : errors) {
            to_.key(status);
            write();
        }
    }

    void write_results() {
        std::map<unsigned, std::vector<std::pair<std::string, schema const *>>> by_status;
        auto const *const declared = route_.declares.answer;
        if (declared != nullptr) {
            auto &contents = by_status[declared->status];
            if (declared->type != nullptr) contents.emplace_back("application/json", declared->type);
        }
        for (auto const &r : route_.notes->gives) by_status[r.status].emplace_back(r.body.media_type, r.body.type);
        for (auto const &[status, contents] : by_status)
            to_.object(std::to_string(status), [&, status = status, &contents = contents] {
                to_.text("description", reason_phrase(status));
                if (declared != nullptr && declared->location != nullptr && declared->status == status)
                    to_.raw("headers",
                            R"({"Location":{"required":true,"schema":{"type":"string","format":"uri-reference"}}})");
                if (!contents.empty()) write_contents(contents, direction::answer);
            });
        if (by_status.empty()) to_.object("default", [&] { to_.text("description", "What the handler answers."); });
    }

    void write_error(route_notes::error const &e) {
        to_.object([&] {
            to_.text("description", e.when);
            if (e.media_type.empty())
                write_error_contents(to_);
            else
                write_contents({{e.media_type, nullptr}}, direction::answer);
        });
    }

    void refer(std::string_view error) {
        parts_.errors.emplace(error);
        to_.object([&] { to_.text("$ref", concat("#/components/responses/", error)); });
    }

    void write_security() {
        std::set<std::string> names;
        for (auto const &fact : route_.facts) {
            if (fact.name != "security") continue;
            parts_.logins.insert(fact.value);
            names.insert(login_name(fact.value));
        }
        if (names.empty()) return;
        to_.array("security", [&] {
            to_.object([&] {
                for (auto const &name : names) to_.raw(name, "[]");
            });
        });
    }

    json_writer &to_;
    openapi_parts &parts_;
    mounted_route const &route_;
    method method_;
};

} // namespace

void add_types(openapi_parts &parts, mounted_route const &route) {
    for_each_input(route, [&](input_schema const &i) {
        if (is_content(i)) return parts.schemas.add(*i.type, direction::input);
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

std::string login_name(std::string_view challenge) {
    auto name = lower(challenge.substr(0, challenge.find(' ')));
    constexpr std::string_view before = "realm=\"";
    auto const realm = challenge.find(before);
    if (realm == challenge.npos) return name;
    name += '_';
    for (char const c : challenge.substr(realm + before.size(), challenge.rfind('"') - realm - before.size()))
        name += is_alpha(c) || is_digit(c) || c == '-' ? c : '_';
    return name;
}

} // namespace phial
