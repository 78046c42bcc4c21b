// One operation of the document: a route with one of its methods.
#pragma once

#include "phial/openapi/error_responses.hpp"
#include "phial/openapi/json_schemas.hpp"
#include "phial/routing/router.hpp"
#include "phial/text/json_writer.hpp"

#include <map>
#include <string>
#include <string_view>

namespace phial {

/// What the operations of a document share.
struct openapi_parts {
    json_schemas schemas{error_schema, problem_schema, fault_schema};
    /// The components/responses that are used.
    error_set errors = {};
    /// The facts that are called "security", by their names in components/securitySchemes.
    std::map<std::string, std::string> logins = {};
};

/// Takes the types of a route, before its operations are written. Throws what json_schemas::add throws.
void add_types(openapi_parts &parts, mounted_route const &route);

/// Writes an operation as an object. `path` has the names of the parameters as they are written: "/notes/{id}".
void write_operation(json_writer &to, openapi_parts &parts, mounted_route const &route, method m, std::string_view path,
                     std::string_view id);

[[nodiscard]] std::string lower(std::string_view text);

} // namespace phial
