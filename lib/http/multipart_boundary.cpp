#include "phial/http/multipart_boundary.hpp"

#include "phial/http/http_error.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/charset.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <optional>

namespace phial {
namespace {

http_error refused(std::string_view reason) {
    return http_error(400, concat("The Content-Type of a multipart body ", reason, "."));
}

bool is_boundary_char(char c) noexcept {
    return is_token_char(c) || std::string_view("(),/:=? ").find(c) != std::string_view::npos;
}

// The parameter ends at a semicolon that is not in quotes.
std::string_view take_parameter(std::string_view &rest) noexcept {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < rest.size() && (quoted || rest[end] != ';'); ++end) {
        if (rest[end] == '"') quoted = !quoted;
        if (rest[end] == '\\' && quoted) ++end;
    }
    auto const one = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return one;
}

std::string unquoted(std::string_view value) {
    if (!value.starts_with('"')) return std::string(value);
    std::string const as_parameter = concat(";boundary=", value);
    std::string_view rest = as_parameter;
    auto p = next_parameter(rest);
    if (!p || !rest.empty()) throw refused("has a boundary whose quotes do not match");
    return std::move(p->value);
}

} // namespace

void require_boundary(std::string_view boundary) {
    if (boundary.empty()) throw refused("has an empty boundary");
    if (boundary.size() > max_boundary)
        throw refused(
            concat("has a boundary of ", boundary.size(), " characters; at most ", max_boundary, " are allowed"));
    auto const bad = std::find_if_not(boundary.begin(), boundary.end(), is_boundary_char);
    if (bad != boundary.end() || boundary.back() == ' ')
        throw refused(concat("has the boundary '", shown_label(boundary),
                             "'; letters, digits, '()+_,-./:=? and the characters of a token are allowed, and "
                             "spaces, but not at its end"));
}

std::string multipart_boundary(media_type const &type) {
    std::optional<std::string> boundary;
    for (auto rest = type.parameters; !rest.empty();) {
        auto const one = take_parameter(rest);
        auto const equals = one.find('=');
        if (equals == one.npos || !iequals(trim(one.substr(0, equals)), "boundary")) continue;
        if (boundary) throw refused("names two boundaries");
        boundary = unquoted(trim(one.substr(equals + 1)));
    }
    if (!boundary) throw refused("names no boundary (boundary=...)");
    require_boundary(*boundary);
    return std::move(*boundary);
}

} // namespace phial
