// Records as lines, also with hostile content.
#include "phial/http/json.hpp"
#include "phial/logging/record.hpp"
#include "phial/text/utf8.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <string_view>

using namespace phial;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

namespace {

constexpr severity levels[] = {severity::debug, severity::info, severity::warning, severity::error, severity::critical};

constexpr wall_time noon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h + 34min + 56s + 7us};

std::string line(log_format format, severity level, std::string_view message, std::span<attribute const> attributes) {
    std::string out;
    append_record(out, format, noon, level, message, attributes);
    return out;
}

// A line of text without its time.
std::string as_text(severity level, std::string_view message, std::span<attribute const> attributes = {}) {
    auto const whole = line(log_format::text, level, message, attributes);
    BOOST_TEST(whole.starts_with("2026-11-22T12:34:56.000007Z "));
    BOOST_TEST(whole.ends_with('\n'));
    return whole.substr(28, whole.size() - 29);
}

std::string json_of(std::string_view message, std::span<attribute const> attributes = {}) {
    auto const whole = line(log_format::json, severity::info, message, attributes);
    auto const begin = R"({"time":"2026-11-22T12:34:56.000007Z","severity":"info","message":)"sv;
    BOOST_TEST(whole.starts_with(begin));
    BOOST_TEST(whole.ends_with("}\n"));
    return whole.substr(begin.size(), whole.size() - begin.size() - 2);
}

// Values that try to look like more than one value.
struct {
    std::string_view value, text, json;
} const values[] = {
    {"", R"("")", R"("")"},
    {"plain", "plain", R"("plain")"},
    {"/a?b", "/a?b", R"("/a?b")"},
    {"two words", R"("two words")", R"("two words")"},
    {"a=b", R"("a=b")", R"("a=b")"},
    {R"(say "x")", R"("say \"x\"")", R"("say \"x\"")"},
    {R"(back\slash)", R"("back\\slash")", R"("back\\slash")"},
    {R"(\n)", R"("\\n")", R"("\\n")"},
    {R"(\")", R"("\\\"")", R"("\\\"")"},
    {"a\nb", R"("a\nb")", R"("a\nb")"},
    {"a\r\nlevel=error", R"("a\r\nlevel=error")", R"("a\r\nlevel=error")"},
    {"a\",\"b\":\"c", R"("a\",\"b\":\"c")", R"("a\",\"b\":\"c")"},
    {"\x1B[31m", R"("\x1b[31m")", R"("\u001b[31m")"},
    {"a\0b"sv, R"("a\x00b")", R"("a\u0000b")"},
    {"\x7F", R"("\x7f")", R"("\u007f")"},
    {"\u009B2J", R"("\x9b2J")", R"("\u009b2J")"},
    {"\u2028", R"("\u2028")", R"("\u2028")"},
    {"\u202Egnirts\u2066", R"("\u202egnirts\u2066")", R"("\u202egnirts\u2066")"},
    {"\U000E0041", R"("\U000e0041")", R"("\udb40\udc41")"},
    {"h\u00E9", "\"h\u00E9\"", R"("h\u00e9")"},
    {"\U0001F600", "\"\U0001F600\"", R"("\ud83d\ude00")"},
    {"\xFF\n", "\"\uFFFD\\n\"", R"("\ufffd\n")"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(records)

BOOST_AUTO_TEST_CASE(levels_have_names) {
    BOOST_TEST(to_string(severity::debug) == "debug");
    BOOST_TEST(to_string(severity::info) == "info");
    BOOST_TEST(to_string(severity::warning) == "warning");
    BOOST_TEST(to_string(severity::error) == "error");
    BOOST_TEST(to_string(severity::critical) == "critical");
}

BOOST_AUTO_TEST_CASE(a_line_of_text_has_time_level_and_message) {
    BOOST_TEST(as_text(severity::debug, "m") == "debug   m");
    BOOST_TEST(as_text(severity::info, "a message") == "info    a message");
    BOOST_TEST(as_text(severity::warning, "m") == "warning m");
    BOOST_TEST(as_text(severity::error, "m") == "error   m");
    BOOST_TEST(as_text(severity::critical, "m") == "critical m");
}

BOOST_AUTO_TEST_CASE(json_has_the_same_members) {
    for (auto const level : levels)
        BOOST_TEST(line(log_format::json, level, "a message", {}) ==
                   R"({"time":"2026-11-22T12:34:56.000007Z","severity":")" + std::string(to_string(level)) +
                       "\",\"message\":\"a message\"}\n");
}

BOOST_AUTO_TEST_CASE(a_record_is_appended) {
    for (auto const format : {log_format::text, log_format::json}) {
        std::string out = "before\n";
        append_record(out, format, noon, severity::info, "m", {});
        BOOST_TEST(out == "before\n" + line(format, severity::info, "m", {}));
    }
}

BOOST_AUTO_TEST_CASE(times_are_utc_with_microseconds) {
    using namespace std::chrono;
    struct {
        wall_time time;
        std::string_view text;
    } const cases[] = {
        {wall_time{}, "1970-01-01T00:00:00.000000Z"},
        {wall_time{1us}, "1970-01-01T00:00:00.000001Z"},
        {wall_time{-1us}, "1969-12-31T23:59:59.999999Z"},
        {wall_time{999ns}, "1970-01-01T00:00:00.000000Z"},
        {wall_time{-1ns}, "1969-12-31T23:59:59.999999Z"},
        {sys_days(year(2000) / 2 / 29) + 23h + 59min + 59s + 999999us, "2000-02-29T23:59:59.999999Z"},
        {sys_days(year(2027) / 1 / 1), "2027-01-01T00:00:00.000000Z"},
        {sys_days(year(2100) / 3 / 1) - 1us, "2100-02-28T23:59:59.999999Z"},
    };
    for (auto const &c : cases) {
        std::string out;
        append_record(out, log_format::text, c.time, severity::info, "m", {});
        BOOST_TEST(out.substr(0, 27) == c.text);
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_written_in_full) {
    constexpr double inf = std::numeric_limits<double>::infinity();
    struct {
        decltype(attribute::value) value;
        std::string_view text;
    } const cases[] = {
        {std::uint64_t{0}, "0"},
        {std::numeric_limits<std::uint64_t>::max(), "18446744073709551615"},
        {0.0, "0.000000"},
        {0.000123, "0.000123"},
        {1.5, "1.500000"},
        {0.0000005, "0.000001"},
        {59.9999996, "60.000000"},
        {999999999.5, "999999999.500000"},
        {-2.25, "-2.250000"},
        {1e15, "1000000000000000.000000"},
        {0.9999999, "1.000000"},
        {inf, "null"},
        {-inf, "null"},
        {std::numeric_limits<double>::quiet_NaN(), "null"},
    };
    for (auto const &c : cases) {
        attribute const a{"n", c.value};
        BOOST_TEST(as_text(severity::info, "m", {&a, 1}) == "info    m n=" + std::string(c.text));
        BOOST_TEST(json_of("m", {&a, 1}) == "\"m\",\"n\":" + std::string(c.text));
    }
    for (double const extreme : {std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()}) {
        attribute const a{"n", extreme};
        auto const out = json_of("m", {&a, 1});
        BOOST_TEST(std::stod(out.substr(8)) == extreme);
    }
}

BOOST_AUTO_TEST_CASE(a_value_stays_a_value) {
    for (auto const &c : values) {
        BOOST_TEST_CONTEXT(c.json) {
            attribute const attributes[] = {{"a", c.value}, {"b", std::uint64_t{1}}};
            BOOST_TEST(as_text(severity::info, "m", attributes) == "info    m a=" + std::string(c.text) + " b=1");
            BOOST_TEST(json_of("m", attributes) == "\"m\",\"a\":" + std::string(c.json) + ",\"b\":1");
            BOOST_TEST(json_of(c.value) == c.json);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_message_of_text_is_what_one_line_makes_of_it) {
    for (auto const &c : values) {
        BOOST_TEST_CONTEXT(c.json) { BOOST_TEST(as_text(severity::info, c.value) == "info    " + one_line(c.value)); }
    }
}

BOOST_AUTO_TEST_CASE(what_shows_nothing_is_shown_and_its_neighbours_are_left) {
    struct {
        std::string_view name;
        char32_t first, last; // all are escaped; the character before and the one after are not
    } const cases[] = {
        {"soft hyphen", 0xAD, 0xAD},
        {"Arabic letter mark", 0x61C, 0x61C},
        {"zero width, and marks of direction", 0x200B, 0x200F},
        {"separators, embeddings and overrides", 0x2028, 0x202E},
        {"word joiner, isolates, old format characters", 0x2060, 0x206F},
        {"byte order mark", 0xFEFF, 0xFEFF},
        {"tags and variation selectors", 0xE0000, 0xE0FFF},
    };
    auto const as_utf8 = [](char32_t c) {
        std::string out;
        if (c < 0x800)
            out += static_cast<char>(0xC0 | (c >> 6));
        else if (c < 0x10000)
            (out += static_cast<char>(0xE0 | (c >> 12))) += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        else
            ((out += static_cast<char>(0xF0 | (c >> 18))) += static_cast<char>(0x80 | ((c >> 12) & 0x3F))) +=
                static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        return out += static_cast<char>(0x80 | (c & 0x3F));
    };
    auto const escaped = [](char32_t c) {
        std::array<char, 16> out{};
        std::snprintf(out.data(), out.size(), c <= 0xFFFF ? "\\u%04x" : "\\U%08x", static_cast<unsigned>(c));
        return std::string(out.data());
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            for (auto at = c.first; at <= c.last; ++at) {
                auto const whole = "a" + as_utf8(at) + "b";
                if (one_line(whole) != "a" + escaped(at) + "b") BOOST_TEST(one_line(whole) == "a" + escaped(at) + "b");
                auto const in_json = json_of(whole);
                BOOST_TEST_REQUIRE(
                    std::all_of(in_json.begin(), in_json.end(), [](char x) { return x >= ' ' && x <= '~'; }));
            }
            for (auto const neighbour : {c.first - 1, c.last + 1})
                BOOST_TEST(one_line(as_utf8(neighbour)) == as_utf8(neighbour));
        }
    }
    BOOST_TEST(one_line("\u05D0\u0627 \u202Fx") ==
               "\u05D0\u0627 \u202Fx"); // letters written from right to left are text
}

BOOST_AUTO_TEST_CASE(random_bytes_make_one_line_of_utf8_and_valid_json) {
    std::mt19937 chance(1); // the same bytes each time
    constexpr std::string_view likely = "\n\r\x1B\"\\= {}\xC2\x85\xE2\x80\xA8\xAE\xFF\0a"sv;
    auto const bytes = [&] {
        std::string out(chance() % 40, '\0');
        for (auto &c : out)
            c = chance() % 2 != 0 ? likely[chance() % likely.size()] : static_cast<char>(chance() % 256);
        return out;
    };
    auto const is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    int wrong = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto const message = bytes();
        auto const value = bytes();
        attribute const a{"a", value};
        for (auto const format : {log_format::text, log_format::json}) {
            auto const out = line(format, severity::info, message, {&a, 1});
            if (std::count_if(out.begin(), out.end(), is_control) != 1 || out.back() != '\n' || !is_utf8(out) ||
                out.find("\xC2\x85") != out.npos || out.find("\u2028") != out.npos || out.find("\u202E") != out.npos)
                ++wrong;
        }
        auto const parsed = json::parse(line(log_format::json, severity::info, message, {&a, 1}));
        if (parsed != json({{"time", "2026-11-22T12:34:56.000007Z"},
                            {"severity", "info"},
                            {"message", json(std::string_view(message))},
                            {"a", json(std::string_view(value))}}))
            ++wrong;
    }
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(nothing_in_a_message_ends_its_line_or_steers_a_terminal) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {"", ""},
        {"plain ~", "plain ~"},
        {"héllo €\U0001F600", "héllo €\U0001F600"},
        {"a\n2026-11-22T17:30:00.123456Z error forged", "a\\n2026-11-22T17:30:00.123456Z error forged"},
        {"a\r\nb", "a\\r\\nb"},
        {"a\tb", "a\\tb"},
        {"\x1B[31mred\x07", "\\x1b[31mred\\x07"},
        {"a\0b"sv, "a\\x00b"},
        {"\x7F", "\\x7f"},
        {"\u0080\u0085\u009B31m\u009F", "\\x80\\x85\\x9b31m\\x9f"}, // C1: next line, a CSI of one character
        {"\u00A0é", "\u00A0é"},                                     // the first one after the control characters
        {"a\u2028b\u2029c", "a\\u2028b\\u2029c"},                   // line and paragraph separator
        {"a\xFF\n", "a\uFFFD\\n"},
        {"\x85", "\uFFFD"}, // a single C1 byte is not UTF-8
        {"a\xC2", "a\uFFFD"},
        {"a\xE2\x80", "a\uFFFD"},
        {"\xC0\x8A", "\uFFFD\uFFFD"}, // an overlong line feed
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.out) { BOOST_TEST(one_line(c.in) == c.out); }
    }
}

BOOST_AUTO_TEST_SUITE_END()
