// The errors that phial itself answers with, in a document.
#pragma once

#include "phial/text/json_writer.hpp"

#include <map>
#include <string_view>

namespace phial {

/// The names of the schemas of errors.
inline constexpr std::string_view error_schema = "http_error", problem_schema = "problem_details",
                                  fault_schema = "request_fault";

/// A response that several operations have.
struct error_response {
    std::string_view status; // "422", or "4XX" for all others
    std::string_view name;   // in components/responses
    std::string_view description;
    std::string_view field = {}; // a header field that it has
};

namespace shared_errors {
inline constexpr error_response not_json{"400", "not_json", "The body is not JSON."};
inline constexpr error_response malformed_form{"400", "malformed_form", "The form is malformed."};
inline constexpr error_response unauthorized{"401", "unauthorized", "The credentials are missing or wrong.",
                                             "WWW-Authenticate"};
inline constexpr error_response no_such_address{
    "404", "no_such_address", "The path does not fit this route: a number is too large, or is not a number."};
inline constexpr error_response not_found{"404", "not_found", "It does not exist."};
inline constexpr error_response too_large{"413", "too_large", "The body is too large."};
inline constexpr error_response unsupported{"415", "unsupported_media_type", "The body has another media type.",
                                            "Accept"};
inline constexpr error_response invalid{"422", "invalid",
                                        "Something has the wrong form, or is missing; `errors` lists all of it."};
inline constexpr error_response other_client_error{
    "4XX", "other_client_error", "The request cannot be served: it is malformed, too large, too slow or too much."};
inline constexpr error_response server_error{"5XX", "server_error", "The service failed, or has too much to do."};
} // namespace shared_errors

/// Those that a document uses, by their names.
using error_set = std::map<std::string_view, error_response const *>;

/// Writes the member `content` of an error: the formats of error pages.
void write_error_contents(json_writer &to);

/// Writes these responses as members.
void write_error_responses(json_writer &to, error_set const &used);

/// Writes the schemas of errors as members.
void write_error_schemas(json_writer &to);

} // namespace phial
