#include "phial/openapi/error_responses.hpp"

#include "phial/text/concat.hpp"

namespace phial {
namespace {

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

void write_error_responses(json_writer &to, error_set const &used) {
    for (auto const &one : used) {
        auto const &error = *one.second;
        to.object(error.name, [&] {
            to.text("description", error.description);
            if (!error.field.empty())
                to.object("headers",
                          [&] { to.object(error.field, [&] { to.raw("schema", R"({"type":"string"})"); }); });
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
