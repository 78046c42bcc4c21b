// Media types (RFC 9110 8.3.1) as they stand in Content-Type.
#pragma once

#include "phial/text/charset.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// `type/subtype` and its parameters. Views into the field value.
struct media_type {
    std::string_view type;       // "text"; empty when the value is no media type
    std::string_view subtype;    // "plain"
    std::string_view parameters; // "; charset=utf-8", not looked at yet

    /// Whether it is `name` ("text/plain"); case and parameters do not count.
    [[nodiscard]] bool is(std::string_view name) const noexcept;

    /// application/json, or application/<anything>+json (RFC 6839).
    [[nodiscard]] bool is_json() const noexcept;

    /// The value of a parameter, without quotes; names have no case. Nothing when it is absent or malformed.
    [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
};

/// Reads a Content-Type value; what is not exactly one media type gives one with empty names.
[[nodiscard]] media_type parse_media_type(std::string_view value) noexcept;

/// As find_charset; http_error(415), which names the label and what is accepted, instead of nothing.
[[nodiscard]] charset require_charset(std::string_view label);

/// What the parameter `charset` says, UTF-8 when there is none; http_error(415) as require_charset.
[[nodiscard]] charset charset_of(media_type const &type);

/// Takes the next `; name=value` off `rest`, as in Content-Type and Content-Disposition; the value is a token or a
/// quoted string, in which `\"` and `\\` are unescaped (a backslash before anything else stays: file names of Windows).
/// Nothing when `rest` holds no further well-formed parameter; `rest` is empty only when all of it was read.
struct parameter {
    std::string_view name;
    std::string value;
};

/// Whether a backslash and a quote may be the end of a value, where nothing or a semicolon follows them: browsers write
/// file names that end with a backslash so.
enum class backslash { escapes, may_end_a_value };
[[nodiscard]] std::optional<parameter> next_parameter(std::string_view &rest, backslash b = backslash::escapes);

} // namespace phial
