// The errors that phial itself answers with, in a document.
#pragma once

#include "phial/text/json_writer.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace phial {

/// The names of the schemas of errors.
inline constexpr std::string_view error_schema = "http_error", problem_schema = "problem_details",
                                  fault_schema = "request_fault";

/// The name of the response for a status code, such as "422" or "4XX"; "400 form" of a form, "404 empty" of what lacks.
[[nodiscard]] std::string_view error_name(std::string_view key) noexcept;

/// Writes the member `content` of an error: the formats of error pages.
void write_error_contents(json_writer &to);

/// Writes the responses with these names as members.
void write_error_responses(json_writer &to, std::set<std::string, std::less<>> const &names);

/// Writes the schemas of errors as members.
void write_error_schemas(json_writer &to);

} // namespace phial
