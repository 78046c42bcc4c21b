// Texts that are not JSON are refused, and the error says where the fault is.
#include "unit/http/json_reading.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <sys/mman.h>

using namespace phial;
using namespace phial::testing;

namespace {

std::string nested_arrays(std::size_t depth) { return repeated("[", depth) + repeated("]", depth); }

} // namespace

BOOST_AUTO_TEST_SUITE(json_faults)

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

BOOST_AUTO_TEST_CASE(numbers_outside_a_double_are_refused) {
    for (auto const text : {"1e309", "-1e309", "1.8e308", "[1e400]", R"({"a":1e400})"}) {
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

BOOST_AUTO_TEST_CASE(a_text_above_the_limit_is_refused_unread) {
    std::size_t const size = (std::size_t{512} << 20) + 1;
    void *const unreadable = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    BOOST_TEST_REQUIRE(unreadable != MAP_FAILED);
    BOOST_TEST(read({static_cast<char const *>(unreadable), size}).status == 413U);
    ::munmap(unreadable, size);
}

BOOST_AUTO_TEST_SUITE_END()
