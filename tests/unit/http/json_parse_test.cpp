// Reading JSON strictly into its canonical text.
#include "phial/http/http_error.hpp"
#include "phial/http/json.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <sys/mman.h>

using namespace phial;

namespace {

std::string repeated(std::string_view unit, std::size_t times) {
    std::string out;
    while (times-- > 0) out += unit;
    return out;
}

std::string nested_arrays(std::size_t depth) { return repeated("[", depth) + repeated("]", depth); }

// Members whose names are 100,000 numbers in steps of `step`.
std::string numbered_members(unsigned n, unsigned step) {
    std::string out;
    for (unsigned i = 0; i < n; ++i)
        out += (i == 0 ? "\"" : ",\"") + std::to_string(100'000 + (i * step) % n) + "\":" + std::to_string(i);
    return out;
}

struct document {
    std::string sent;
    std::string canonical;
};

// A value with objects whose members are out of order, and may be doubled.
document random_document(std::mt19937 &random, int depth) {
    if (depth == 0 || random() % 5 == 0) {
        auto const text = std::to_string(random() % 1000);
        return {text, text};
    }
    document out;
    if (random() % 3 == 0) {
        out = {"[", "["};
        for (auto n = random() % 4; n > 0; --n) {
            auto const element = random_document(random, depth - 1);
            out.sent += (out.sent.size() > 1 ? "," : "") + element.sent;
            out.canonical += (out.canonical.size() > 1 ? "," : "") + element.canonical;
        }
        return {out.sent + "]", out.canonical + "]"};
    }
    std::map<std::string, std::string> members;
    for (auto n = random() % 5; n > 0; --n) {
        auto const key = std::string(1, static_cast<char>('a' + random() % 6));
        auto const value = random_document(random, depth - 1);
        out.sent += (out.sent.empty() ? "\"" : " , \"") + key + "\": " + value.sent;
        members[key] = value.canonical;
    }
    for (auto const &[key, value] : members)
        out.canonical += (out.canonical.empty() ? "\"" : ",\"") + key + "\":" + value;
    return {"{" + out.sent + "}", "{" + out.canonical + "}"};
}

// The status and the message of a refused text; 200 and the value of a good one.
struct outcome {
    unsigned status;
    std::string message;
};

outcome read(std::string_view text) {
    try {
        return {200, std::string(json::parse(text).text())};
    } catch (http_error const &e) {
        return {e.status(), e.what()};
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_parse)

BOOST_AUTO_TEST_CASE(texts_become_canonical) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {"null", "null"},
        {" \t\r\n[ 1 , true , false , null ] \n", "[1,true,false,null]"},
        {"[]", "[]"},
        {"{ }", "{}"},
        {"[[],[{}],{}]", "[[],[{}],{}]"},
        {R"({"b":1,"a":{"d":2,"c":3}})", R"({"a":{"c":3,"d":2},"b":1})"},
        {R"({"ab":1,"a":2,"":3,"B":4})", R"({"":3,"B":4,"a":2,"ab":1})"},
        {R"({"\ud83d\ude00":1,"\uffff":2,"\ue000":3})", R"({"\ue000":3,"\uffff":2,"\ud83d\ude00":1})"},
        {R"([{"b":[{"z":1,"y":[2,{"q":1,"p":2}]}],"a":"x,y"}])",
         R"([{"a":"x,y","b":[{"y":[2,{"p":2,"q":1}],"z":1}]}])"},
        {R"("\u0041\/\u00e9")", R"("A/\u00e9")"},
        {"\"\xC3\xA9\x7F\"", R"("\u00e9\u007f")"},
        {"\"\xF0\x9F\x98\x80\"", R"("\ud83d\ude00")"},
        {R"("\u0000\u001f\b\f\n\r\t\"\\")", R"("\u0000\u001f\b\f\n\r\t\"\\")"},
        {R"("\uFFFE\uFfFf")", R"("\ufffe\uffff")"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) { BOOST_TEST(read(c.in).message == c.out); }
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_kept_or_printed_as_python_does) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {"0", "0"},
        {"-0", "0"},
        {"-1", "-1"},
        {"9223372036854775807", "9223372036854775807"},
        {"18446744073709551616", "18446744073709551616"},
        {"-123456789012345678901234567890", "-123456789012345678901234567890"},
        {"1.0", "1.0"},
        {"-0.0", "-0.0"},
        {"1.50", "1.5"},
        {"1e5", "100000.0"},
        {"1E+2", "100.0"},
        {"12e-1", "1.2"},
        {"1e15", "1000000000000000.0"},
        {"1e16", "1e+16"},
        {"0.0001", "0.0001"},
        {"0.00001", "1e-05"},
        {"0.1000000000000000055511151231257827", "0.1"},
        {"9007199254740993.0", "9007199254740992.0"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"5e-324", "5e-324"},
        {"1e-400", "0.0"},
        {"-1e-400", "-0.0"},
        {"0e5", "0.0"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            BOOST_TEST(read(c.in).message == c.out);
            BOOST_TEST(read("[" + std::string(c.in) + "]").message == "[" + std::string(c.out) + "]");
        }
    }
}

BOOST_AUTO_TEST_CASE(integers_of_any_length_keep_their_digits) {
    for (std::size_t const digits : {19U, 20U, 309U, 5000U}) {
        BOOST_TEST_CONTEXT(digits) {
            auto const number = "1" + repeated("7", digits - 1);
            BOOST_TEST(read(number).message == number);
        }
    }
}

BOOST_AUTO_TEST_CASE(numbers_outside_a_double_are_refused) {
    for (auto const text : {"1e309", "-1e309", "1.8e308", "[1e400]", R"({"a":1e400})"}) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(read(text).status == 400U); }
    }
}

BOOST_AUTO_TEST_CASE(of_equal_keys_the_last_wins) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {R"({"a":1,"a":2})", R"({"a":2})"},
        {R"({"a":1,"a":2,"a":3})", R"({"a":3})"},
        {R"({"a":1,"b":2,"a":3,"b":[4,5]})", R"({"a":3,"b":[4,5]})"},
        {R"({"b":1,"a":2,"c":3,"b":{}})", R"({"a":2,"b":{},"c":3})"},
        {R"({"a":1,"\u0061":2})", R"({"a":2})"},
        {R"({"":1,"":2})", R"({"":2})"},
        {R"({"x":{"a":1,"a":[{"b":1,"b":2}]}})", R"({"x":{"a":[{"b":2}]}})"},
        {R"({"x":{"a":1,"b":2},"x":{"c":1,"c":{}}})", R"({"x":{"c":{}}})"},
        {R"([{"a":1,"a":2},{"a":3,"a":4}])", R"([{"a":2},{"a":4}])"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) { BOOST_TEST(read(c.in).message == c.out); }
    }
}

BOOST_AUTO_TEST_CASE(errors_say_at_which_byte) {
    struct {
        std::string_view in, byte;
    } const cases[] = {
        {"", "0"},
        {"  ", "2"},
        {"[1", "2"},
        {"[1,]", "3"},
        {"[1 2]", "3"},
        {R"({"a":1,})", "7"},
        {R"({"a" 1})", "5"},
        {R"({a:1})", "1"},
        {"[1]]", "3"},
        {"1 2", "2"},
        {"NaN", "0"},
        {"\xEF\xBB\xBF[}", "4"},
        {"\xEF\xBB\xBF", "3"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            auto const got = read(c.in);
            BOOST_TEST(got.status == 400U);
            BOOST_TEST(got.message.starts_with("The body is not valid JSON: "));
            BOOST_TEST(got.message.ends_with(" at byte " + std::string(c.byte) + "."));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_error_says_when_the_text_is_not_utf8) {
    struct {
        std::string_view in, why;
    } const cases[] = {
        {"{\"a\":\"\xFC\"}", "it is not UTF-8 text at byte 6."},
        {"[\"caf\xE9 au lait\"]", "it is not UTF-8 text at byte 5."},
        {"\"\xC3\xA9\xE9\"", "it is not UTF-8 text at byte 3."},
        {"\"\xC3\"", "it is not UTF-8 text at byte 1."},
        {"\"\xE2\x82", "it is not UTF-8 text at byte 1."},
        {"{\"\xFC\":1}", "it is not UTF-8 text at byte 2."},
        {"[\xFC]", "it is not UTF-8 text at byte 1."},
        {std::string_view("\xFF\xFE[\0]\0", 6), "it is not UTF-8 text at byte 0."},
        {"\xEF\xBB\xBF\"\xFC\"", "it is not UTF-8 text at byte 4."},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            auto const got = read(c.in);
            BOOST_TEST(got.status == 400U);
            BOOST_TEST(got.message == "The body is not valid JSON: " + std::string(c.why));
        }
    }
    // What is wrong before such a byte is named as before.
    BOOST_TEST(read("{'a':\"\xFC\"}").message.find("UTF-8") == std::string::npos);
    BOOST_TEST(read("[1,]\"\xFC\"").message.find("UTF-8") == std::string::npos);
    BOOST_TEST(read("[\"\xC3\xA9\",]").message.find("UTF-8") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_rfc_8259_does_not_allow_is_refused) {
    using namespace std::string_view_literals;
    for (auto const text : {
             "Infinity"sv,
             "-Infinity"sv,
             "[NaN]"sv,
             "// c\n1"sv,
             "/* c */1"sv,
             "1 // c"sv,
             "'a'"sv,
             "+1"sv,
             "01"sv,
             "-01"sv,
             ".5"sv,
             "1."sv,
             "1e"sv,
             "1e+"sv,
             "-"sv,
             "0x10"sv,
             "1_000"sv,
             "True"sv,
             "tru"sv,
             "nulll"sv,
             "undefined"sv,
             "["sv,
             "]"sv,
             "{"sv,
             "[1}"sv,
             "[,1]"sv,
             "{,}"sv,
             R"({"a"})"sv,
             R"({"a":})"sv,
             R"({"a":1 "b":2})"sv,
             R"({1:2})"sv,
             R"({"a":1)"sv,
             "\"abc"sv,
             R"("\x41")"sv,
             R"("\u12")"sv,
             R"("\u12G4")"sv,
             "\"a\nb\""sv,
             "\"a\tb\""sv,
             "\"\0\""sv,
             "1\0"sv,
             "\v1"sv,
             "\xC2\xA0"
             "1"sv,
             "[1] x"sv,
             "{}{}"sv,
         }) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(read(text).status == 400U); }
    }
}

BOOST_AUTO_TEST_CASE(a_closing_bracket_at_the_end_does_not_make_a_text_whole) {
    for (std::string_view const text : {
             "[[]",
             "[{}",
             "{\"a\":[]",
             "{\"a\":{}",
             "[1]]",
             "[[1]}",
             "{]",
             "[}",
             "[1,]",
             "[1 2]",
             "[\"]",
             "[\"a]",
             "[\"0123456789abcdefghij]",
             "{\"a]",
             "{\"a\"]",
             "{\"a\":]",
             "{\"a\":1,}",
             "[tru]",
             "[-]",
             "[1.]",
             "[1e]",
             "1,2",
             "1]",
             "\"a\",\"b\"",
         }) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(read(text).status == 400U); }
    }
}

// The bytes after a text belong to others.
BOOST_AUTO_TEST_CASE(nothing_after_the_text_is_read) {
    constexpr std::size_t page = 4096;
    void *const pages = ::mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    BOOST_TEST_REQUIRE(pages != MAP_FAILED);
    char *const end = static_cast<char *>(pages) + page;
    BOOST_TEST_REQUIRE(::mprotect(end, page, PROT_NONE) == 0);
    std::string_view const whole =
        R"( {"id" : -1, "a key of many letters": "and a text of them", "x": [1.25, 1e2, true, null, {}, "\u00e9"] } )";
    for (std::size_t n = 0; n <= whole.size(); ++n) {
        auto const text = whole.substr(0, n);
        auto *const begin = end - n;
        std::copy(text.begin(), text.end(), begin);
        BOOST_TEST_CONTEXT(text) {
            bool const is_whole = n >= whole.size() - 1;
            BOOST_TEST(read({begin, n}).status == (is_whole ? 200U : 400U));
        }
    }
    ::munmap(pages, 2 * page);
}

BOOST_AUTO_TEST_CASE(what_is_not_unicode_text_is_refused) {
    using namespace std::string_view_literals;
    for (auto const text : {
             "\"\xFF\""sv,
             "\"\xC3\""sv,             // cut short
             "\"\xC0\x80\""sv,         // overlong
             "\"\xE0\x80\xAF\""sv,     // overlong
             "\"\xED\xA0\x80\""sv,     // a surrogate
             "\"\xF4\x90\x80\x80\""sv, // above U+10FFFF
             "{\"\xFF\":1}"sv,
             "\xFF\xFE[\0]\0"sv, // UTF-16 with its mark
             "[\0]\0"sv,         // and without
             "\0[\0]"sv,
             R"("\ud800")"sv,
             R"("\udc00")"sv,
             R"("\ud800\u0041")"sv,
             R"("\ud800\ud800")"sv,
             R"("\ude00\ud83d")"sv,
             R"({"\ud800":1})"sv,
         }) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(read(text).status == 400U); }
    }
}

BOOST_AUTO_TEST_CASE(one_byte_order_mark_is_skipped) {
    BOOST_TEST(read("\xEF\xBB\xBF{\"a\":1}").message == R"({"a":1})");
    BOOST_TEST(read("\xEF\xBB\xBF\xEF\xBB\xBF{}").status == 400U);
    BOOST_TEST(read("{}\xEF\xBB\xBF").status == 400U);
    BOOST_TEST(read("\xEF\xBB").status == 400U);
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded) {
    BOOST_TEST(read(nested_arrays(400)).message == nested_arrays(400));
    BOOST_TEST(read(nested_arrays(message_limits().json_depth)).status == 200U);
    BOOST_TEST(read(nested_arrays(message_limits().json_depth + 1)).status == 400U);
    BOOST_TEST(read(repeated("{\"a\":", 400) + "1" + repeated("}", 400)).status == 200U);
    BOOST_TEST(read(repeated("{\"a\":", message_limits().json_depth + 1) + "1" +
                    repeated("}", message_limits().json_depth + 1))
                   .status == 400U);
    BOOST_TEST(read(repeated("[", 100'000)).status == 400U);
    BOOST_TEST(read(repeated("{\"a\":[", 50'000)).status == 400U);
}

BOOST_AUTO_TEST_CASE(nesting_counts_what_is_open_not_what_was) {
    BOOST_TEST(read("[" + repeated("[],", 2000) + "[]]").status == 200U);
}

BOOST_AUTO_TEST_CASE(long_strings_and_keys_come_whole) {
    auto const text = repeated("0123456789", 10'000);
    BOOST_TEST(read("\"" + text + "\"").message == "\"" + text + "\"");
    BOOST_TEST(read("{\"" + text + "\":1,\"" + text + "\":2}").message == "{\"" + text + "\":2}");
}

// Strings are read in blocks of 16 bytes.
BOOST_AUTO_TEST_CASE(strings_are_read_alike_wherever_they_end) {
    for (std::size_t n = 0; n < 50; ++n) {
        BOOST_TEST_CONTEXT(n) {
            auto const plain = std::string(n, 'x');
            auto const is_text = [&](std::string const &in, std::string const &out) {
                BOOST_TEST(read("\"" + plain + in + "\"").message == "\"" + plain + out + "\"");
                BOOST_TEST(read("[\"" + plain + in + plain + "\"]").message == "[\"" + plain + out + plain + "\"]");
            };
            is_text("", "");
            is_text("\\n", "\\n");
            is_text("\x7F", "\\u007f");
            is_text("\xC3\xA9", "\\u00e9");
            is_text("\\ud83d\\ude00", "\\ud83d\\ude00");
            for (auto const wrong : {"\x01", "\\", "\\x", "\xFF", "\\ud83d"})
                BOOST_TEST(read("\"" + plain + wrong + plain + "\"").status == 400U);
        }
    }
}

BOOST_AUTO_TEST_CASE(long_exponents_are_numbers) {
    BOOST_TEST(read("0.1e3081").status == 400U);
    BOOST_TEST(read("[1e-0000000000005]").message == "[1e-05]");
    BOOST_TEST(read("1e-2147483647").message == "0.0");
    BOOST_TEST(read("1e2147483648").status == 400U);
    BOOST_TEST(read("0e2147483648").status == 400U);
}

BOOST_AUTO_TEST_CASE(keys_are_compared_by_code_points_however_they_are_written) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {R"({"a":1,"a b":2,"a!":3})", R"({"a":1,"a b":2,"a!":3})"},
        {R"({"a!":1,"a":2})", R"({"a":2,"a!":1})"},
        {R"({" ":1,"":2})", R"({"":2," ":1})"},
        {R"({"":1," ":2})", R"({"":1," ":2})"},
        {R"({"12345678b":1,"12345678a":2,"12345678":3})", R"({"12345678":3,"12345678a":2,"12345678b":1})"},
        {R"({"b":1,"\"":2,"a":3})", R"({"\"":2,"a":3,"b":1})"},
        {R"({"\\":1,"z":2,"Z":3})", R"({"Z":3,"\\":1,"z":2})"},
        {R"({"z":{"y":1,"\u00e9":2,"x":3},"\u00e9":4,"a":5})", R"({"a":5,"z":{"x":3,"y":1,"\u00e9":2},"\u00e9":4})"},
        {R"({"b":1,"a":2,"b":3,"c":4})", R"({"a":2,"b":3,"c":4})"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) { BOOST_TEST(read(c.in).message == c.out); }
    }
}

// Objects up to 1 KiB are put in order when they end, others at the end of the text.
BOOST_AUTO_TEST_CASE(objects_of_every_size_are_put_in_order_inside_each_other) {
    for (std::size_t size = 950; size < 1050; ++size) {
        BOOST_TEST_CONTEXT(size) {
            auto const x = std::string(size, 'x');
            auto const inner = R"({"c":"","b":{"y":1,"x":2}})";
            BOOST_TEST(read("{\"b\":\"" + x + "\",\"a\":" + inner + ",\"a\":" + inner + "}").message ==
                       "{\"a\":{\"b\":{\"x\":2,\"y\":1},\"c\":\"\"},\"b\":\"" + x + "\"}");
        }
    }
    for (unsigned const n : {15U, 16U, 17U, 60U, 200U})
        BOOST_TEST(read("{" + numbered_members(n, 7) + "}").message ==
                   read("{" + numbered_members(n, 7) + ",\"100000\":0}").message);
}

BOOST_AUTO_TEST_CASE(objects_are_put_in_order_at_every_depth) {
    std::mt19937 random(12); // NOLINT(cert-msc51-cpp): the same documents each time
    for (int i = 0; i < 300; ++i) {
        auto const d = random_document(random, 1 + i % 12);
        BOOST_TEST_CONTEXT(d.sent) { BOOST_TEST(read(d.sent).message == d.canonical); }
    }
}

BOOST_AUTO_TEST_CASE(deep_objects_that_are_out_of_order_are_put_in_order) {
    std::size_t const depth = message_limits().json_depth;
    auto const long_text = repeated("x", 10'000);
    auto sent = "{\"z\":0,\"y\":\"" + long_text + "\",\"y\":1}";
    std::string canonical = R"({"y":1,"z":0})";
    for (std::size_t i = 1; i < depth; ++i) {
        sent = "{\"b\":" + sent + ",\"a\":1}";
        canonical = "{\"a\":1,\"b\":" + canonical + "}";
    }
    BOOST_TEST(read(sent).message == canonical);
}

BOOST_AUTO_TEST_CASE(everything_that_reading_takes_is_counted_and_given_back) {
    struct {
        std::string_view name;
        std::string text;
        double times; // what it takes at most, in bodies
    } const cases[] = {
        {"text", "\"" + std::string(1 << 20, 'x') + "\"", 1.3},
        {"escapes", "\"" + std::string(1 << 20, '\x7F') + "\"", 8},
        {"a long number", "1" + std::string(1 << 20, '0'), 2.6},
        {"sorted members", "{" + numbered_members(100'000, 1) + "}", 2.4},
        {"unsorted members", "{" + numbered_members(100'000, 7919) + "}", 6},
        {"depth", repeated("[", 500) + repeated("]", 500), 30},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            quota enough(static_cast<std::uint64_t>(c.times * static_cast<double>(c.text.size())));
            {
                auto const value = json::parse(c.text, 512, std::make_shared<memory_account>(&enough));
                BOOST_TEST(value.text().size() >= c.text.size());
                if (value.shared_text()) BOOST_TEST(enough.used() >= value.text().size());
            }
            BOOST_TEST(enough.used() == 0U);
            quota too_little(c.text.size() / 2);
            BOOST_CHECK_EXCEPTION((void)json::parse(c.text, 512, std::make_shared<memory_account>(&too_little)),
                                  http_error, [](http_error const &e) { return e.status() == 413; });
            BOOST_TEST(too_little.used() == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_text_above_the_limit_is_refused_unread) {
    std::size_t const size = (std::size_t{512} << 20) + 1;
    void *const unreadable = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    BOOST_TEST_REQUIRE(unreadable != MAP_FAILED);
    BOOST_TEST(read({static_cast<char const *>(unreadable), size}).status == 413U);
    ::munmap(unreadable, size);
}

BOOST_AUTO_TEST_SUITE_END()
