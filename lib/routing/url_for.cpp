#include "phial/routing/url_for.hpp"

#include "phial/routing/path_value.hpp"
#include "phial/text/number.hpp"
#include "phial/text/uri.hpp"

#include <cmath>
#include <stdexcept>

namespace phial::detail {
namespace {

[[noreturn]] void no_match(std::string const &value) {
    throw std::invalid_argument("url_for: this route does not accept the value '" + value + "'");
}

} // namespace

void append_url_literal(std::string &out, std::string_view decoded) { out += percent_encode(decoded, true); }

void append_url_value(std::string &out, segment_kind kind, std::string_view value) {
    bool const fits = convert(kind, value) && (kind == segment_kind::path || value.find('/') == value.npos);
    if (!fits) no_match(std::string(value));
    out += percent_encode(value, kind == segment_kind::path);
}

void append_url_value(std::string &out, segment_kind, std::int64_t value) {
    if (value < 0) no_match(std::to_string(value));
    append_integer(out, value);
}

// The converter accepts no exponent, so every digit is written.
void append_url_value(std::string &out, segment_kind, double value) {
    if (!std::isfinite(value) || std::signbit(value)) no_match(std::to_string(value));
    append_fixed(out, value);
}

std::string_view mount_prefix(request const &rq, std::string_view name) {
    if (rq.notes.urls == nullptr) throw std::invalid_argument("url_for: the request did not come through a router");
    return rq.notes.urls->prefix_of(name);
}

} // namespace phial::detail
