// Responses of many values, each a line of JSON (NDJSON).
#pragma once

#include "phial/http/generator.hpp"
#include "phial/typed/schema_of.hpp"
#include "phial/typed/write.hpp"

#include <array>
#include <string>
#include <string_view>

namespace phial {

/// How values become lines: see write_json for what it throws.
template <class T>
struct json_line_format {
    using piece = T;
    static constexpr literal content_type = "application/x-ndjson";
    static constexpr std::array<literal_field, 0> fields{};
    static constexpr std::string_view heartbeat{};
    static constexpr schema const *line = &schema_of<T>;
    static void append(std::string &out, T const &one) {
        write_json(*line, &one, out);
        out += '\n';
    }
};

/// A generator of lines, each a T with a schema:
///
///     json_lines<article> all_articles(store &from, request &) {
///         for (auto const &one : from.articles()) co_yield one;
///     }
template <class T>
using json_lines = generator<json_line_format<T>>;

} // namespace phial
