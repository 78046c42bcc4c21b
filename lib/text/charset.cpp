#include "phial/text/charset.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/utf8.hpp"

#include <algorithm>

namespace phial {
namespace {

constexpr std::string_view utf8_labels[] = {
    "utf-8", "utf8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8",
    // US-ASCII. The standard reads these labels as windows-1252, but a client that sends them most likely sends UTF-8.
    "us-ascii", "ascii", "ansi_x3.4-1968"};

constexpr std::string_view windows_1252_labels[] = {
    "iso-8859-1", "latin1",    "windows-1252", "cp1252",     "cp819",           "csisolatin1", "ibm819",
    "iso-ir-100", "iso8859-1", "iso88591",     "iso_8859-1", "iso_8859-1:1987", "l1",          "x-cp1252"};

// The code points of the bytes from 0x80 to 0x9F; every other byte is its own code point.
constexpr char16_t windows_1252_extras[] = {0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                            0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
                                            0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                            0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

unsigned code_point(char c) noexcept {
    unsigned const b = static_cast<unsigned char>(c);
    return b >= 0x80 && b < 0xA0 ? windows_1252_extras[b - 0x80] : b;
}

// White space as the standard defines it, which has more characters than HTTP's.
std::string_view trim_label(std::string_view s) noexcept {
    constexpr std::string_view blanks = " \t\n\f\r";
    s.remove_prefix(std::min(s.find_first_not_of(blanks), s.size()));
    return s.substr(0, s.find_last_not_of(blanks) + 1);
}

} // namespace

std::optional<charset> find_charset(std::string_view label) noexcept {
    auto const matches = [name = trim_label(label)](std::string_view known) { return iequals(name, known); };
    if (std::ranges::any_of(utf8_labels, matches)) return charset::utf_8;
    if (std::ranges::any_of(windows_1252_labels, matches)) return charset::windows_1252;
    return std::nullopt;
}

std::string shown_label(std::string_view label) {
    constexpr std::size_t most = 60;
    auto shown = to_utf8(label.substr(0, most));
    if (label.size() > most) shown += "...";
    return shown;
}

std::string to_utf8(std::string_view text, charset encoding) {
    if (encoding == charset::utf_8) return to_utf8(text);
    std::string out;
    out.reserve(to_utf8_length(text, encoding));
    for (char const c : text) {
        auto const point = code_point(c);
        if (point < 0x80) {
            out += c;
            continue;
        }
        if (point < 0x800) {
            out += static_cast<char>(0xC0U | point >> 6U);
        } else {
            out += static_cast<char>(0xE0U | point >> 12U);
            out += static_cast<char>(0x80U | (point >> 6U & 0x3FU));
        }
        out += static_cast<char>(0x80U | (point & 0x3FU));
    }
    return out;
}

std::size_t to_utf8_length(std::string_view text, charset encoding) noexcept {
    if (encoding == charset::utf_8) return to_utf8_length(text);
    std::size_t n = 0;
    for (char const c : text) n += code_point(c) < 0x80 ? 1U : code_point(c) < 0x800 ? 2U : 3U;
    return n;
}

} // namespace phial
