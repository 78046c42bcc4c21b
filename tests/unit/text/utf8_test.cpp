#include "phial/text/utf8.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <string_view>

using namespace phial;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(utf8)

// By Unicode's definition of the encoding form, not by its table.
std::string encode(char32_t c) {
    auto const byte = [](char32_t b) { return static_cast<char>(static_cast<unsigned char>(b)); };
    if (c < 0x80) return {byte(c)};
    if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F))};
    if (c < 0x10000) return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
    return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
}

BOOST_AUTO_TEST_CASE(every_code_point_but_surrogates_is_read) {
    std::size_t wrong = 0;
    for (char32_t c = 0; c < 0x110000; ++c) {
        auto const text = encode(c);
        auto const surrogate = c >= 0xD800 && c < 0xE000;
        if (surrogate ? is_utf8(text) || utf8_sequence(text) != 0
                      : utf8_sequence(text + "\x80") != text.size() || utf8_decode(text) != c)
            ++wrong;
    }
    BOOST_TEST(wrong == 0U);
}

BOOST_AUTO_TEST_CASE(the_boundaries_of_table_3_7_are_kept) {
    struct {
        std::string_view text;
        std::size_t length;
    } const cases[] = {
        {"\x7F", 1},
        {"\0"sv, 1},
        {"\x80", 0},
        {"\xBF", 0},
        {"\xC0\x80", 0}, // overlong
        {"\xC1\xBF", 0},
        {"\xC2\x7F", 0},
        {"\xC2\x80", 2},
        {"\xC2\xC0", 0},
        {"\xDF\xBF", 2},
        {"\xE0\x9F\xBF", 0},
        {"\xE0\xA0\x80", 3},
        {"\xE0\xBF\xBF", 3},
        {"\xE1\x80\x80", 3},
        {"\xEC\xBF\xBF", 3},
        {"\xED\x80\x80", 3},
        {"\xED\x9F\xBF", 3},
        {"\xED\xA0\x80", 0}, // a surrogate
        {"\xED\xBF\xBF", 0},
        {"\xEE\x80\x80", 3},
        {"\xEF\xBF\xBF", 3},
        {"\xEF\xBF\xC0", 0},
        {"\xF0\x8F\xBF\xBF", 0},
        {"\xF0\x90\x80\x80", 4},
        {"\xF3\xBF\xBF\xBF", 4},
        {"\xF4\x80\x80\x80", 4},
        {"\xF4\x8F\xBF\xBF", 4},
        {"\xF4\x90\x80\x80", 0}, // above U+10FFFF
        {"\xF5\x80\x80\x80", 0},
        {"\xF8\x88\x80\x80\x80", 0},
        {"\xFE", 0},
        {"\xFF", 0},
        {"\xC2", 0},
        {"\xE2\x82", 0},
        {"\xF0\x9F\x98", 0},
        {"ab", 1},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            BOOST_TEST(utf8_sequence(c.text) == c.length);
            if (c.length != 1) BOOST_TEST(is_utf8(c.text) == (c.length != 0));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_text_is_utf8_when_all_of_it_is) {
    BOOST_TEST(is_utf8(""));
    BOOST_TEST(is_utf8("a\0é€😀"sv));
    BOOST_TEST(!is_utf8("é\xC3"));
    BOOST_TEST(!is_utf8("\xFFé"));
    BOOST_TEST(!is_utf8("a\xE2\x82z"));
}

// Long texts are looked at in blocks.
BOOST_AUTO_TEST_CASE(one_wrong_byte_is_found_wherever_it_is) {
    for (std::size_t size = 1; size < 200; ++size) {
        std::string text(size, 'x');
        BOOST_TEST(is_utf8(text));
        std::size_t missed = 0;
        for (auto &c : text) {
            c = '\x80';
            if (is_utf8(text)) ++missed;
            c = 'x';
        }
        BOOST_TEST(missed == 0U, size);
    }
}

BOOST_AUTO_TEST_CASE(each_maximal_part_that_is_none_becomes_one_replacement) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"é€😀\0"sv, "é€😀\0"sv},
        {"\x80", "\uFFFD"},
        {"\x80\xBF", "\uFFFD\uFFFD"},
        {"\xC0\xAF", "\uFFFD\uFFFD"},
        {"\xC2", "\uFFFD"},
        {"\xC2z", "\uFFFDz"},
        {"\xC2\xC3\xA9", "\uFFFDé"},
        {"\xE2\x82", "\uFFFD"},
        {"\xE2\x82z", "\uFFFDz"},
        {"\xE2\x82\xE2\x82\xAC", "\uFFFD€"},
        {"\xE0\x80", "\uFFFD\uFFFD"},
        {"\xE0\x9F\x80", "\uFFFD\uFFFD\uFFFD"},
        {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
        {"\xF0\x9F\x98", "\uFFFD"},
        {"\xF0\x9F\x98\x41", "\uFFFD\x41"},
        {"\xF0\x80\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
        {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
        {"\xF5\x80", "\uFFFD\uFFFD"},
        // the examples of Unicode 15, tables 3-8 to 3-11
        {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41"},
        {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41"},
        {"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41\uFFFD\uFFFD\x42"},
        {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "\uFFFD\uFFFD\uFFFD\uFFFD\x41"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.out) {
            auto const out = to_utf8(c.in);
            BOOST_TEST(out == c.out);
            BOOST_TEST(is_utf8(out));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
