// What is wrong with a text that is not JSON. Boost.JSON's parser says it, and where.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/number.hpp"
#include "phial/text/utf8.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace phial::detail {

// Accepts every value but numbers outside the range of a double.
struct json_judge {
    using string_view = boost::json::string_view;
    using error_code = boost::system::error_code;

    static constexpr std::size_t max_array_size = std::string::npos;
    static constexpr std::size_t max_object_size = std::string::npos;
    static constexpr std::size_t max_string_size = std::string::npos;
    static constexpr std::size_t max_key_size = std::string::npos;

    bool on_document_begin(error_code &) { return true; }
    bool on_document_end(error_code &) { return true; }
    bool on_array_begin(error_code &) { return true; }
    bool on_array_end(std::size_t, error_code &) { return true; }
    bool on_object_begin(error_code &) { return true; }
    bool on_object_end(std::size_t, error_code &) { return true; }
    bool on_key_part(string_view, std::size_t, error_code &) { return true; }
    bool on_key(string_view, std::size_t, error_code &) { return true; }
    bool on_string_part(string_view, std::size_t, error_code &) { return true; }
    bool on_string(string_view, std::size_t, error_code &) { return true; }
    bool on_number_part(string_view, error_code &) { return true; }
    bool on_int64(std::int64_t, string_view s, error_code &ec) { return number(s, ec); }
    bool on_uint64(std::uint64_t, string_view s, error_code &ec) { return number(s, ec); }
    bool on_double(double, string_view s, error_code &ec) { return number(s, ec); }
    bool on_bool(bool, error_code &) { return true; }
    bool on_null(error_code &) { return true; }
    bool on_comment_part(string_view, error_code &) { return true; }
    bool on_comment(string_view, error_code &) { return true; }

    // The whole number: the text is not parsed in parts.
    static bool number(std::string_view digits, error_code &ec) {
        if (digits.find_first_of(".eE") == digits.npos || parse_double(digits)) return true;
        ec = boost::json::error::exponent_overflow;
        return false;
    }
};

// The parser reports bytes that are not UTF-8 as a syntax error, like any other.
inline http_error not_json(std::string_view text, std::size_t offset, boost::system::error_code const &ec) {
    for (std::size_t n = 0; n <= offset && n < text.size();) {
        auto const length = utf8_sequence(text.substr(n));
        if (length == 0)
            return http_error(400, concat("The body is not valid JSON: it is not UTF-8 text at byte ", n, "."));
        n += length;
    }
    return http_error(400, concat("The body is not valid JSON: ", ec.message(), " at byte ", offset, "."));
}

/// Nothing if it is JSON, from its byte `begin` on, nested no deeper than that.
inline std::optional<http_error> json_fault(std::string_view text, std::size_t begin, std::size_t depth) {
    boost::json::parse_options options;
    options.max_depth = depth;
    boost::json::basic_parser<json_judge> parser(options);
    boost::system::error_code ec;
    auto const size = text.size() - begin;
    auto const used = parser.write_some(false, text.data() + begin, size, ec);
    if (!ec && used < size) ec = boost::json::error::extra_data;
    if (!ec) return std::nullopt;
    return not_json(text, used + begin, ec);
}

} // namespace phial::detail
