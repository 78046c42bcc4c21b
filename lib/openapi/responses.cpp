#include "phial/openapi/responses.hpp"

#include "phial/http/status.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace phial {
namespace {

using content_list = std::vector<route_notes::content>;

// What is written for one status code.
struct documented_response {
    std::string description = {};
    content_list contents = {};
    bool has_location = false;
    bool is_plain_error = false;            // its contents are those of all errors
    error_response const *shared = nullptr; // a response of components; then there is nothing else
};
using response_map = std::map<std::string, documented_response>; // by status code

void collect_results(response_map &all, mounted_route const &route) {
    if (auto const *const declared = route.declares.answer) {
        auto &response = all[std::to_string(declared->status)];
        response.description = reason_phrase(declared->status);
        response.has_location = declared->location != nullptr;
        if (declared->type != nullptr) add_content(response.contents, "application/json", declared->type);
    }
    for (auto const &r : route.notes->gives) {
        auto &response = all[std::to_string(r.status)];
        if (response.description.empty()) response.description = reason_phrase(r.status);
        add_content(response.contents, r.body.media_type, r.body.type);
    }
}

// Several errors may have one status code, and a content that was given with it.
void collect_errors(response_map &all, mounted_route const &route) {
    for (auto const &e : route.notes->answers) {
        auto const [at, is_new] = all.try_emplace(std::to_string(e.status));
        auto &response = at->second;
        bool const has_words = !is_new && response.description != reason_phrase(e.status);
        response.description = has_words ? concat(response.description, " ", e.when) : e.when;
        if (!e.media_type.empty()) add_content(response.contents, e.media_type, nullptr);
        response.is_plain_error = response.contents.empty();
    }
}

void collect_shared(response_map &all, mounted_route const &route) {
    using namespace shared_errors;
    auto const add = [&all](error_response const &e) {
        auto const [at, is_new] = all.try_emplace(std::string(e.status));
        if (is_new) at->second.shared = &e;
    };
    if (route.declares.answer != nullptr && route.declares.answer->may_lack) add(not_found);
    for (std::size_t n = 0; n < route.parsed->parameters(); ++n) {
        auto const kind = route.parsed->parameter(n);
        if (kind == segment_kind::integer || kind == segment_kind::floating) add(no_such_address);
    }
    if (auto const most = route.limits.body) {
        auto const [at, is_new] = all.try_emplace(std::string(too_large.status));
        if (is_new) {
            at->second.description = concat("The body is larger than ", *most, *most == 1 ? " byte." : " bytes.");
            at->second.is_plain_error = true;
        }
    }
    for (auto const &i : route.declares.inputs) {
        add(invalid);
        if (!i.is_content()) continue;
        add(i.source == input_source::form ? malformed_form : not_json);
        add(too_large);
        add(unsupported);
    }
    for (auto const &fact : route.facts)
        if (fact.name == "security") add(unauthorized);
    add(other_client_error);
    add(server_error);
}

void write_response(json_writer &to, openapi_parts &parts, documented_response const &response) {
    to.object([&] {
        if (response.shared != nullptr) {
            parts.errors.emplace(response.shared->name, response.shared);
            to.text("$ref", concat("#/components/responses/", response.shared->name));
            return;
        }
        to.text("description", response.description);
        if (response.has_location)
            to.raw("headers", R"({"Location":{"required":true,"schema":{"type":"string","format":"uri-reference"}}})");
        if (response.is_plain_error)
            write_error_contents(to);
        else if (!response.contents.empty())
            write_contents(to, parts.schemas, response.contents, direction::answer);
    });
}

} // namespace

void add_content(content_list &to, std::string_view media_type, schema const *type) {
    auto const is_same = [media_type](route_notes::content const &c) { return c.media_type == media_type; };
    if (std::none_of(to.begin(), to.end(), is_same)) to.push_back({std::string(media_type), type});
}

void write_contents(json_writer &to, json_schemas const &schemas, content_list const &contents, direction d,
                    bool is_form) {
    to.object("content", [&] {
        for (auto const &c : contents)
            to.object(c.media_type, [&] {
                if (c.type == nullptr) {
                    if (c.media_type.starts_with("text/")) to.raw("schema", R"({"type":"string"})");
                    return;
                }
                to.key("schema");
                if (is_form)
                    schemas.write_form(to, *c.type);
                else
                    schemas.write(to, *c.type, d);
            });
    });
}

void write_responses(json_writer &to, openapi_parts &parts, mounted_route const &route) {
    response_map all;
    collect_results(all, route);
    if (all.empty()) all["default"].description = "What the handler answers.";
    collect_errors(all, route);
    collect_shared(all, route);
    to.object("responses", [&] {
        for (auto const &[status, response] : all) {
            to.key(status);
            write_response(to, parts, response);
        }
    });
}

} // namespace phial
