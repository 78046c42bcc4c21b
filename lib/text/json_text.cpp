#include "phial/text/json_text.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/json_bytes.hpp"

namespace phial {
namespace {

char *write_u_escape(char *out, unsigned unit) noexcept {
    *out++ = '\\';
    *out++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) *out++ = lower_hex[(unit >> shift) & 15U];
    return out;
}

// The letter of an escape of two characters, or 0.
constexpr char letter_of(char32_t c) noexcept {
    switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return 0;
    }
}

// The number of \uXXXX, or -1.
int read_unit(std::string_view s) noexcept {
    if (s.size() < 6 || s[0] != '\\' || s[1] != 'u') return -1;
    int unit = 0;
    for (char const c : s.substr(2, 4)) {
        auto const digit = hex_value(c);
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

json_escape read_u_escape(std::string_view s) noexcept {
    auto const unit = read_unit(s);
    if (unit < 0) return {0, 0};
    auto const c = static_cast<char32_t>(unit);
    if (c < 0xD800 || c > 0xDFFF) return {c, 6};
    auto const low = read_unit(s.substr(6));
    if (c > 0xDBFF || low < 0xDC00 || low > 0xDFFF) return {0, 0};
    return {0x10000 + ((c - 0xD800) << 10) + (static_cast<char32_t>(low) - 0xDC00), 12};
}

} // namespace

char *write_json_escape(char *out, char32_t c) noexcept {
    if (char const letter = letter_of(c); letter != 0) {
        *out++ = '\\';
        *out++ = letter;
        return out;
    }
    if (c < 0x10000) return write_u_escape(out, static_cast<unsigned>(c));
    out = write_u_escape(out, 0xD800U + static_cast<unsigned>((c - 0x10000) >> 10));
    return write_u_escape(out, 0xDC00U + static_cast<unsigned>((c - 0x10000) & 0x3FF));
}

json_escape read_json_escape(std::string_view s) noexcept {
    if (s.size() < 2) return {0, 0};
    switch (s[1]) {
    case '"':
    case '\\':
    case '/': return {static_cast<char32_t>(s[1]), 2};
    case 'b': return {'\b', 2};
    case 'f': return {'\f', 2};
    case 'n': return {'\n', 2};
    case 'r': return {'\r', 2};
    case 't': return {'\t', 2};
    default: return read_u_escape(s);
    }
}

std::size_t plain_json_length(std::string_view s) noexcept {
    return static_cast<std::size_t>(json_bytes::after_plain_json(s.data(), s.data() + s.size()) - s.data());
}

void append_json_escape(std::string &out, char32_t c) {
    char text[12];
    out.append(text, write_json_escape(text, c));
}

std::string_view take_json_character(std::string_view &written, char *room) noexcept {
    auto const escape = written.front() == '\\' ? read_json_escape(written) : json_escape{0, 0};
    auto const taken = written.substr(0, escape.length == 0 ? 1 : escape.length);
    written.remove_prefix(taken.size());
    if (escape.length == 0) return taken;
    return {room, static_cast<std::size_t>(write_utf8(room, escape.c) - room)};
}

std::string unescape_json(std::string_view written) {
    std::string out;
    out.reserve(written.size());
    while (!written.empty()) {
        auto const plain = written.substr(0, written.find('\\'));
        out += plain;
        written.remove_prefix(plain.size());
        char room[4];
        if (!written.empty()) out += take_json_character(written, room);
    }
    return out;
}

} // namespace phial
