#include "phial/openapi/error_responses.hpp"

#include "phial/text/concat.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace phial {
namespace {

struct shared_error {
    std::string_view name;
    std::string_view description;
    std::string_view field = {}; // a header field that it has
};

// Errors that phial itself answers with.
constexpr std::array<std::pair<std::string_view, shared_error>, 10> shared_errors{{
    {"400", {"not_json", "The body is not JSON."}},
    {"400 form", {"no_form", "The form is malformed."}},
    {"401", {"unauthorized", "The credentials are missing or wrong.", "WWW-Authenticate"}},
    {"404", {"no_such_address", "The path does not fit this route: a number is too large, or is not one."}},
    {"404 empty", {"not_there", "It does not exist."}},
    {"413", {"too_large", "The body is too large."}},
    {"415", {"unsupported_media_type", "The body has another media type.", "Accept"}},
    {"422", {"invalid", "Something has the wrong form, or is missing; `errors` lists all of it."}},
    {"4XX", {"other_client_error", "The request cannot be served: it is malformed, too large, too slow or too much."}},
    {"5XX", {"server_error", "The service failed, or has too much to do."}},
}};

// What error_pages.cpp answers with, where no error handler makes another response.
constexpr std::string_view error_text = R"({"type":"object","properties":{"message":{"type":"string"},
"status":{"type":"integer"},"errors":{"type":"array","items":{"$ref":"#/components/schemas/request_fault"}}},
"required":["message"]})";
constexpr std::string_view problem_text = R"({"type":"object","description":"Problem details (RFC 9457).",
"properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
"detail":{"type":"string"},"errors":{"type":"array","items":{"$ref":"#/components/schemas/request_fault"}}},
"required":["type","title","status","detail"]})";
constexpr std::string_view fault_text = R"({"type":"object","description":"One thing that is wrong with a request.",
"properties":{"pointer":{"type":"string","description":"Where it is in the body: a JSON pointer (RFC 6901)."},
"parameter":{"type":"string"},"in":{"type":"string","enum":["query","header"]},"detail":{"type":"string"},
"expected":{"type":"string"},"got":{"type":"string"}},"required":["detail"]})";

} // namespace

std::string_view error_name(std::string_view key) noexcept {
    auto const is_it = [key](auto const &e) { return e.first == key; };
    return std::find_if(shared_errors.begin(), shared_errors.end(), is_it)->second.name;
}

// What a client without Accept gets is the first.
void write_error_contents(json_writer &to) {
    auto const content = [&](std::string_view media_type, std::string_view schema_text) {
        to.object(media_type, [&] { to.raw("schema", schema_text); });
    };
    to.object("content", [&] {
        content("application/json", concat(R"({"$ref":"#/components/schemas/)", error_schema, "\"}"));
        content("application/problem+json", concat(R"({"$ref":"#/components/schemas/)", problem_schema, "\"}"));
        content("text/html", R"({"type":"string"})");
    });
}

void write_error_responses(json_writer &to, std::set<std::string, std::less<>> const &names) {
    for (auto const &one : shared_errors) {
        auto const &e = one.second;
        if (!names.contains(e.name)) continue;
        to.object(e.name, [&] {
            to.text("description", e.description);
            if (!e.field.empty())
                to.object("headers", [&] { to.object(e.field, [&] { to.raw("schema", R"({"type":"string"})"); }); });
            write_error_contents(to);
        });
    }
}

void write_error_schemas(json_writer &to) {
    to.raw(error_schema, error_text);
    to.raw(problem_schema, problem_text);
    to.raw(fault_schema, fault_text);
}

} // namespace phial
