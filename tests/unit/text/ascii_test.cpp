#include "phial/text/ascii.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(ascii)

BOOST_AUTO_TEST_CASE(every_byte_has_the_class_that_the_rfcs_give_it) {
    // RFC 9110 5.6.2 and RFC 5234 B.1, spelled out.
    std::string_view const digits = "0123456789";
    std::string_view const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::string_view const lower = "abcdefghijklmnopqrstuvwxyz";
    std::string const token = std::string("!#$%&'*+-.^_`|~").append(digits).append(upper).append(lower);
    std::string_view const hexadecimal = "0123456789abcdef";
    for (int i = 0; i < 256; ++i) {
        auto const c = static_cast<char>(i);
        BOOST_TEST_CONTEXT("byte " << i) {
            BOOST_TEST(is_alpha(c) == (upper.find(c) != upper.npos || lower.find(c) != lower.npos));
            BOOST_TEST(is_control(c) == ((i < 32 && i != 9) || i == 127));
            BOOST_TEST(is_digit(c) == (digits.find(c) != digits.npos));
            BOOST_TEST(is_token_char(c) == (token.find(c) != token.npos));
            auto const letter = upper.find(c);
            auto const lowered = letter == upper.npos ? c : lower[letter];
            BOOST_TEST(to_lower(c) == lowered);
            auto const value = hexadecimal.find(lowered);
            BOOST_TEST(hex_value(c) == (value == hexadecimal.npos ? -1 : static_cast<int>(value)));
        }
    }
}

BOOST_AUTO_TEST_CASE(only_the_case_of_ascii_letters_is_ignored) {
    BOOST_TEST(iequals("", ""));
    BOOST_TEST(iequals("Content-Type", "cONTENT-tYPE"));
    BOOST_TEST(!iequals("a", "ab"));
    BOOST_TEST(!iequals("ab", "a"));
    BOOST_TEST(!iequals("a", "b"));
    BOOST_TEST(!iequals("@[", "`{")); // 0x20 apart, as upper and lower case are, but not letters
    BOOST_TEST(!iequals("\xC4", "\xE4"));
}

BOOST_AUTO_TEST_CASE(a_token_is_taken_up_to_the_first_other_character) {
    std::string_view rest = "max-age=1, x";
    BOOST_TEST(take_token(rest) == "max-age");
    BOOST_TEST(rest == "=1, x");
    BOOST_TEST(take_token(rest) == "");
    BOOST_TEST(rest == "=1, x");
    rest = "all";
    BOOST_TEST(take_token(rest) == "all");
    BOOST_TEST(rest == "");
}

BOOST_AUTO_TEST_CASE(trimming_takes_spaces_and_tabs_off_both_ends_and_nothing_else) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {"", ""}, {" \t ", ""}, {" a", "a"}, {"a\t", "a"}, {"\t a \t b ", "a \t b"}, {"\r\na\v", "\r\na\v"},
    };
    for (auto const &c : cases) BOOST_TEST(trim(c.in) == c.out);
}

BOOST_AUTO_TEST_SUITE_END()
