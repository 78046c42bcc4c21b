// Reading JSON strictly into its canonical text.
#include "unit/http/json_reading.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <sys/mman.h>

using namespace phial;
using namespace phial::testing;

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

BOOST_AUTO_TEST_CASE(one_byte_order_mark_is_skipped) {
    BOOST_TEST(read("\xEF\xBB\xBF{\"a\":1}").message == R"({"a":1})");
    BOOST_TEST(read("\xEF\xBB\xBF\xEF\xBB\xBF{}").status == 400U);
    BOOST_TEST(read("{}\xEF\xBB\xBF").status == 400U);
    BOOST_TEST(read("\xEF\xBB").status == 400U);
}

BOOST_AUTO_TEST_CASE(long_strings_and_keys_come_whole) {
    auto const text = repeated("0123456789", 10'000);
    BOOST_TEST(read("\"" + text + "\"").message == "\"" + text + "\"");
    BOOST_TEST(read("{\"" + text + "\":1,\"" + text + "\":2}").message == "{\"" + text + "\":2}");
}

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

BOOST_AUTO_TEST_SUITE_END()
