// The responses of an operation.
#pragma once

#include "phial/openapi/operation.hpp"

namespace phial {

/// Writes the member `responses`. What the registration of the route says has precedence over what phial knows itself.
void write_responses(json_writer &to, openapi_parts &parts, mounted_route const &route);

/// Writes the member `content`. A content without a type has any bytes, or any text. `form`: the types are forms.
void write_contents(json_writer &to, json_schemas const &schemas, std::vector<route_notes::content> const &contents,
                    direction d, bool is_form = false);

/// Adds a content unless there is one of that media type.
void add_content(std::vector<route_notes::content> &to, std::string_view media_type, schema const *type);

} // namespace phial
