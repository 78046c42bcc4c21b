// Every request writes a record of the access log: so no streams, no locale, and no allocation except the line's.
#include "phial/logging/record.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/json_text.hpp"
#include "phial/text/number.hpp"
#include "phial/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>

namespace phial {
namespace {

constexpr std::array<std::string_view, 5> names{"debug", "info", "warning", "error", "critical"};

// Where a character may appear unescaped, one bit for each place: one look-up for every character that is logged.
constexpr unsigned char in_line = 1; // printable ASCII
constexpr unsigned char in_quotes = 2;
constexpr unsigned char in_bare_value = 4; // a value without quotes
constexpr auto places = [] {
    std::array<unsigned char, 256> out{};
    for (unsigned char c = 0x20; c < 0x7F; ++c) {
        out[c] = in_line;
        if (c == '"' || c == '\\') continue;
        out[c] |= in_quotes;
        if (c != ' ' && c != '=') out[c] |= in_bare_value;
    }
    return out;
}();

// Objects, not functions: a call through a pointer for each character costs more than the rest of a record.
constexpr auto is_printable = [](char c) { return (places[static_cast<unsigned char>(c)] & in_line) != 0; };
constexpr auto is_quotable = [](char c) { return (places[static_cast<unsigned char>(c)] & in_quotes) != 0; };
constexpr auto is_bare = [](char c) { return (places[static_cast<unsigned char>(c)] & in_bare_value) != 0; };

bool is_printable_text(std::string_view s) noexcept { return std::all_of(s.begin(), s.end(), is_printable); }

void append_escaped(std::string &out, unsigned char b) {
    switch (b) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: ((out += "\\x") += lower_hex[b >> 4]) += lower_hex[b & 15]; return;
    }
}

// Invisible characters that change how a line looks: they reverse its direction (U+202E), end it (U+2028), or make
// different texts look the same (U+200B). These are Unicode's Default_Ignorable_Code_Point, the two separators, and the
// annotation marks.
struct range {
    char32_t first, last;
};
constexpr range invisible[] = {
    {0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},     {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
    {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},   {0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

bool is_invisible(char32_t c) noexcept {
    auto const *const found =
        std::find_if(std::begin(invisible), std::end(invisible), [c](range r) { return c <= r.last; });
    return found != std::end(invisible) && c >= found->first;
}

// \u202e, \U000e0001, as in Python, C and Go.
void append_code_point(std::string &out, char32_t c) {
    bool const is_short = c <= 0xFFFF;
    out += is_short ? "\\u" : "\\U";
    for (int shift = is_short ? 12 : 28; shift >= 0; shift -= 4) out += lower_hex[(c >> shift) & 15];
}

// One well-formed sequence of UTF-8. (Between quotes a backslash is escaped, to distinguish `\n` from a line feed.)
void append_visible(std::string &out, std::string_view sequence) {
    auto const c = utf8_decode(sequence);
    bool const is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    if (is_control)
        append_escaped(out, static_cast<unsigned char>(c));
    else if (is_invisible(c))
        append_code_point(out, c);
    else if (c == '"' || c == '\\')
        (out += '\\') += sequence;
    else
        out += sequence;
}

// Escapes all characters that are not plain. `is_plain` is true for printable ASCII only.
template <class IsPlain>
void append_line(std::string &out, std::string_view utf8, IsPlain is_plain) {
    while (!utf8.empty()) {
        auto const *const plain_end = std::find_if_not(utf8.begin(), utf8.end(), is_plain);
        auto const plain = static_cast<std::size_t>(plain_end - utf8.begin());
        out += utf8.substr(0, plain);
        utf8.remove_prefix(plain);
        if (utf8.empty()) break;
        auto const length = utf8_sequence(utf8);
        append_visible(out, utf8.substr(0, length));
        utf8.remove_prefix(length);
    }
}

// Calls `append` with `s` as UTF-8.
template <class Append>
void as_utf8(std::string_view s, Append append) {
    if (is_printable_text(s) || is_utf8(s)) // most is ASCII, which is checked faster
        append(s);
    else
        append(to_utf8(s));
}

void append_message(std::string &out, std::string_view message) {
    as_utf8(message, [&out](std::string_view utf8) { append_line(out, utf8, is_printable); });
}

void append_quoted(std::string &out, std::string_view value) {
    out += '"';
    as_utf8(value, [&out](std::string_view utf8) { append_line(out, utf8, is_quotable); });
    out += '"';
}

void append_text_value(std::string &out, std::string_view value) {
    if (!value.empty() && std::all_of(value.begin(), value.end(), is_bare))
        out += value;
    else
        append_quoted(out, value);
}

void append_json_value(std::string &out, std::string_view value) {
    if (std::all_of(value.begin(), value.end(), is_quotable))
        ((out += '"') += value) += '"';
    else
        as_utf8(value, [&out](std::string_view utf8) { append_json_string(out, utf8); });
}

// `width` digits, ending before `end`.
void put_digits(char *end, unsigned value, int width) noexcept {
    for (; width > 0; --width, value /= 10) *--end = static_cast<char>('0' + value % 10);
}

void append_seconds(std::string &out, double seconds) {
    if (!std::isfinite(seconds)) { // JSON has no such number
        out += "null";
        return;
    }
    constexpr double few = 1e9;
    if (seconds >= 0 && seconds < few) { // the usual case; to_chars, which is exact, costs more
        // NOLINTNEXTLINE(bugprone-incorrect-roundings): it is not negative, and lround is a call
        auto const microseconds = static_cast<std::uint64_t>(seconds * 1e6 + 0.5);
        append_integer(out, microseconds / 1'000'000);
        char decimals[] = ".000000";
        put_digits(decimals + 7, static_cast<unsigned>(microseconds % 1'000'000), 6);
        out.append(decimals, sizeof decimals - 1);
        return;
    }
    constexpr std::size_t longest = std::numeric_limits<double>::max_exponent10 + 10; // sign, digits, point, decimals
    std::array<char, longest> digits;
    auto const [end, ec] =
        std::to_chars(digits.data(), digits.data() + digits.size(), seconds, std::chars_format::fixed, 6);
    out.append(digits.data(), end);
}

void append_value(std::string &out, log_format format, attribute const &a) {
    if (auto const *text = std::get_if<std::string_view>(&a.value))
        format == log_format::json ? append_json_value(out, *text) : append_text_value(out, *text);
    else if (auto const *count = std::get_if<std::uint64_t>(&a.value))
        append_integer(out, *count);
    else
        append_seconds(out, std::get<double>(a.value));
}

// RFC 3339, in UTC.
void append_time(std::string &out, wall_time time) {
    using namespace std::chrono;
    auto const day = floor<days>(time);
    year_month_day const date(day);
    auto const of_day = static_cast<std::uint64_t>(floor<microseconds>(time - day).count());
    auto const seconds = static_cast<unsigned>(of_day / 1'000'000);
    char text[] = "0000-00-00T00:00:00.000000Z";
    put_digits(text + 4, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    put_digits(text + 7, static_cast<unsigned>(date.month()), 2);
    put_digits(text + 10, static_cast<unsigned>(date.day()), 2);
    put_digits(text + 13, seconds / 3600, 2);
    put_digits(text + 16, seconds / 60 % 60, 2);
    put_digits(text + 19, seconds % 60, 2);
    put_digits(text + 26, static_cast<unsigned>(of_day % 1'000'000), 6);
    out.append(text, sizeof text - 1);
}

void append_text(std::string &out, wall_time time, severity level, std::string_view message,
                 std::span<attribute const> attributes) {
    constexpr std::size_t widest = 8;
    append_time(out, time);
    auto const name = to_string(level);
    (out += ' ').append(name).append(widest - name.size(), ' ');
    if (name.size() == widest) out += ' ';
    append_message(out, message);
    for (auto const &a : attributes) {
        ((out += ' ') += a.name) += '=';
        append_value(out, log_format::text, a);
    }
    out += '\n';
}

void append_json(std::string &out, wall_time time, severity level, std::string_view message,
                 std::span<attribute const> attributes) {
    out += R"({"time":")";
    append_time(out, time);
    ((out += R"(","severity":")") += to_string(level)) += R"(","message":)";
    append_json_value(out, message);
    for (auto const &a : attributes) {
        ((out += ",\"") += a.name) += "\":";
        append_value(out, log_format::json, a);
    }
    out += "}\n";
}

} // namespace

std::string_view to_string(severity s) noexcept { return names[static_cast<std::size_t>(s)]; }

void append_record(std::string &out, log_format format, wall_time time, severity level, std::string_view message,
                   std::span<attribute const> attributes) {
    if (format == log_format::json)
        append_json(out, time, level, message, attributes);
    else
        append_text(out, time, level, message, attributes);
}

std::string one_line(std::string_view message) {
    std::string out;
    append_message(out, message);
    return out;
}

} // namespace phial
