// Media types (RFC 9110 8.3.1) and their parameters, as in Content-Type.
#pragma once

#include "phial/text/charset.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// `type/subtype` and its parameters. Views into the field value.
struct media_type {
    std::string_view type;       // "text"; empty if the value is not a media type
    std::string_view subtype;    // "plain"
    std::string_view parameters; // "; charset=utf-8", not parsed yet

    /// Whether it is `name` ("text/plain"); case and parameters are ignored.
    [[nodiscard]] bool is(std::string_view name) const noexcept;

    /// application/json, or application/<anything>+json (RFC 6839).
    [[nodiscard]] bool is_json() const noexcept;

    /// The value of a parameter, without quotes; names are case-insensitive. Nothing when it is absent or malformed.
    [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
};

/// Parses a Content-Type value. If it is not exactly one media type, `type` and `subtype` are empty.
[[nodiscard]] media_type parse_media_type(std::string_view value) noexcept;

/// As find_charset, but an unknown label is an http_error(415), which names the label and what is accepted.
[[nodiscard]] charset require_charset(std::string_view label);

/// The charset that the parameter `charset` names, UTF-8 if there is none. Throws http_error(415) as require_charset
/// does.
[[nodiscard]] charset charset_of(media_type const &type);

/// A parameter; `name` is a view into the field value.
struct parameter {
    std::string_view name;
    std::string value;
};

/// Whether a backslash and a quote may end a value if nothing or a semicolon follows: browsers write file names that
/// end with a backslash like this.
enum class backslash { escapes, may_end_a_value };
/// Removes the next `; name=value` from `rest`, as in Content-Type and Content-Disposition. The value is a token or a
/// quoted string, in which `\"` and `\\` are unescaped (a backslash before anything else stays: file names of Windows).
/// Nothing when `rest` holds no further well-formed parameter; `rest` is empty only when all of it was parsed.
[[nodiscard]] std::optional<parameter> next_parameter(std::string_view &rest, backslash b = backslash::escapes);

} // namespace phial
