#include "phial/http/media_type.hpp"

#include "phial/http/http_error.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>

namespace phial {
namespace {

// Whether a value may end with the quote at `quote`.
bool ends_value(std::string_view s, std::size_t quote) noexcept {
    auto const next = s.find_first_not_of(" \t", quote + 1);
    return s[quote] == '"' && (next == s.npos || s[next] == ';');
}

std::optional<std::string> take_quoted(std::string_view &s, backslash b) {
    std::string out;
    for (std::size_t i = 1; i < s.size(); ++i) {
        if (s[i] == '"') {
            s.remove_prefix(i + 1);
            return out;
        }
        if (s[i] == '\\' && i + 1 < s.size() && (s[i + 1] == '"' || s[i + 1] == '\\') &&
            !(b == backslash::may_end_a_value && ends_value(s, i + 1)))
            ++i;
        out += s[i];
    }
    return std::nullopt; // the closing quote is missing
}

} // namespace

bool media_type::is(std::string_view name) const noexcept {
    // In the field value there is a slash between the two, and nothing else.
    return !type.empty() && iequals({type.data(), type.size() + 1 + subtype.size()}, name);
}

bool media_type::is_json() const noexcept {
    constexpr std::string_view suffix = "+json";
    return is("application/json") || (iequals(type, "application") && subtype.size() > suffix.size() &&
                                      iequals(subtype.substr(subtype.size() - suffix.size()), suffix));
}

std::optional<std::string> media_type::parameter(std::string_view name) const {
    auto rest = parameters;
    while (auto p = next_parameter(rest))
        if (iequals(p->name, name)) return std::move(p->value);
    return std::nullopt;
}

media_type parse_media_type(std::string_view value) noexcept {
    value = trim(value);
    media_type m;
    m.type = take_token(value);
    if (m.type.empty() || value.empty() || value.front() != '/') return {};
    value.remove_prefix(1);
    m.subtype = take_token(value);
    value = trim(value);
    if (m.subtype.empty() || (!value.empty() && value.front() != ';')) return {};
    m.parameters = value;
    return m;
}

std::optional<parameter> next_parameter(std::string_view &rest, backslash b) {
    auto s = trim(rest);
    while (!s.empty() && s.front() == ';') { // a semicolon without a parameter is allowed (RFC 9110 5.6.6)
        s = trim(s.substr(1));
        auto const name = take_token(s);
        if (name.empty()) continue;
        if (s.empty() || s.front() != '=') return std::nullopt;
        s.remove_prefix(1);
        std::optional<std::string> value;
        if (!s.empty() && s.front() == '"')
            value = take_quoted(s, b);
        else
            value = std::string(take_token(s));
        s = trim(s);
        if (!value || (!s.empty() && s.front() != ';')) return std::nullopt;
        rest = s;
        return parameter{name, std::move(*value)};
    }
    if (s.empty()) rest = s;
    return std::nullopt;
}

charset require_charset(std::string_view label) {
    if (auto const known = find_charset(label)) return *known;
    throw http_error(415, concat("Text is accepted in utf-8, us-ascii, iso-8859-1 and windows-1252 here, not in '",
                                 shown_label(label), "'."));
}

charset charset_of(media_type const &type) {
    auto const label = type.parameter("charset");
    return label ? require_charset(*label) : charset::utf_8;
}

} // namespace phial
