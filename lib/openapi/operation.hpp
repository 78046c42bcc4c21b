// One operation of the document: a route with one of its methods.
#pragma once

#include "phial/openapi/json_schemas.hpp"
#include "phial/routing/router.hpp"
#include "phial/text/json_writer.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// What the operations of a document share.
struct openapi_parts {
    json_schemas schemas;
    std::set<std::string, std::less<>> errors; // the components/responses that are used
    std::set<std::string> logins;              // the values of the facts that are called "security"
};

/// Takes the types of a route, before its operations are written. Throws what json_schemas::add throws.
void add_types(openapi_parts &parts, mounted_route const &route);

/// Writes an operation as an object. `path` has the names of the parameters as they are written: "/notes/{id}".
void write_operation(json_writer &to, openapi_parts &parts, mounted_route const &route, method m, std::string_view path,
                     std::string_view id);

[[nodiscard]] std::string lower(std::string_view text);

/// The name of a login in components/securitySchemes.
[[nodiscard]] std::string login_name(std::string_view challenge);

} // namespace phial
