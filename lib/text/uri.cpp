#include "phial/text/uri.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/utf8.hpp"

namespace phial {
namespace {

std::string decode(std::string_view s, bool plus_is_space) {
    std::string out;
    out.reserve(s.size());
    for (std::size_t i = 0; i < s.size(); ++i) {
        char c = s[i];
        if (c == '%' && s.size() - i > 2 && hex_value(s[i + 1]) >= 0 && hex_value(s[i + 2]) >= 0) {
            c = static_cast<char>(hex_value(s[i + 1]) * 16 + hex_value(s[i + 2]));
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        out += c;
    }
    return out;
}

std::string mended(std::string bytes, charset source) {
    if (source == charset::utf_8 && is_utf8(bytes)) return bytes;
    return to_utf8(bytes, source);
}

} // namespace

std::string percent_decode(std::string_view s, charset source) { return mended(decode(s, false), source); }

std::string form_decode(std::string_view s, charset source) { return mended(decode(s, true), source); }

std::string form_decode_bytes(std::string_view s) { return decode(s, true); }

bool needs_decoding(std::string_view s) noexcept {
    for (char const c : s)
        if (c == '%' || static_cast<unsigned char>(c) >= 0x80) return true;
    return false;
}

void append_percent(std::string &out, char c) {
    auto const b = static_cast<unsigned char>(c);
    ((out += '%') += upper_hex[b >> 4]) += upper_hex[b & 15];
}

std::string percent_encode(std::string_view s, bool keep_slashes) {
    static constexpr std::string_view kept = "-._~!$&'()*+,;=:@";
    std::string out;
    for (char const c : s) {
        if (is_digit(c) || is_alpha(c) || kept.find(c) != kept.npos || (c == '/' && keep_slashes))
            out += c;
        else
            append_percent(out, c);
    }
    return out;
}

std::string encode_query(std::string_view query) {
    std::string out;
    for (char const c : query) {
        auto const b = static_cast<unsigned char>(c);
        if (b > 0x20 && b < 0x7F && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos)
            out += c;
        else
            append_percent(out, c);
    }
    return out;
}

} // namespace phial
