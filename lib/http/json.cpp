// Writes canonical JSON and spaces it out. Reading is in json_parse.cpp.
#include "http/json.hpp"

#include "http/json_text.hpp"
#include "http/utf8.hpp"

#include <cmath>
#include <map>
#include <stdexcept>

namespace phial {
namespace {

void append_u_escape(std::string &out, unsigned unit) {
    static constexpr char hex[] = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += hex[(unit >> shift) & 15U];
}

// One character that is not printable ASCII, or is a quote or a backslash.
void append_escaped(std::string &out, char32_t c) {
    switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
    }
    if (c < 0x10000) return append_u_escape(out, static_cast<unsigned>(c));
    append_u_escape(out, 0xD800U + static_cast<unsigned>((c - 0x10000) >> 10));
    append_u_escape(out, 0xDC00U + static_cast<unsigned>((c - 0x10000) & 0x3FF));
}

bool is_plain(char c) noexcept { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

// Copies a canonical text, letting `between` write what goes before and behind brackets, commas and colons.
template <class Between>
std::string respace(std::string_view text, Between between) {
    std::string out;
    out.reserve(text.size() + text.size() / 4);
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (quoted && c == '\\') {
            out += c;
            out += text[++i];
        } else if (quoted || c == '"') {
            quoted = quoted != (c == '"');
            out += c;
        } else {
            between(out, c, i + 1 < text.size() ? text[i + 1] : '\0');
        }
    }
    return out;
}

} // namespace

void append_json_string(std::string &out, std::string_view utf8) {
    out += '"';
    while (!utf8.empty()) {
        std::size_t n = 0;
        while (n < utf8.size() && is_plain(utf8[n])) ++n;
        out += utf8.substr(0, n);
        utf8.remove_prefix(n);
        if (utf8.empty()) break;
        auto const length = utf8_sequence(utf8);
        append_escaped(out, utf8_decode(utf8.substr(0, length)));
        utf8.remove_prefix(length);
    }
    out += '"';
}

json json::from_double(double value) {
    if (!std::isfinite(value)) throw std::invalid_argument("json: JSON has no infinity and no NaN");
    std::string text;
    append_double(text, value);
    return {canonical{}, std::move(text)};
}

json json::from_string(std::string_view value) {
    std::string text;
    if (is_utf8(value))
        append_json_string(text, value);
    else
        append_json_string(text, to_utf8(value));
    return {canonical{}, std::move(text)};
}

json::json(std::initializer_list<member> members) : text_("{") {
    std::map<std::string, json const *> sorted; // bytes of UTF-8 sort as code points do
    for (auto const &[name, value] : members) sorted[to_utf8(name)] = &value;
    for (auto const &[name, value] : sorted) {
        if (text_.size() > 1) text_ += ',';
        append_json_string(text_, name);
        text_ += ':';
        text_ += value->text_;
    }
    text_ += '}';
}

std::string dumps(json const &value) {
    return respace(value.text(), [](std::string &out, char c, char) {
        out += c;
        if (c == ',' || c == ':') out += ' ';
    });
}

std::string dumps_indented(json const &value) {
    std::size_t depth = 0;
    auto const new_line = [&depth](std::string &out) { out.append(1, '\n').append(2 * depth, ' '); };
    return respace(value.text(), [&](std::string &out, char c, char next) {
        bool const opens = c == '[' || c == '{';
        bool const closes = c == ']' || c == '}';
        if (closes && out.back() != '[' && out.back() != '{') {
            --depth;
            new_line(out);
        }
        out += c;
        if (c == ':') out += ' ';
        if (opens && next != ']' && next != '}') ++depth;
        if (c == ',' || (opens && next != ']' && next != '}')) new_line(out);
    });
}

} // namespace phial
