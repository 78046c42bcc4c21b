#include "phial/text/html_escape.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace phial;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(html_escape_)

BOOST_AUTO_TEST_CASE(what_html_reads_as_markup_becomes_a_reference) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {"", ""},
        {"plain text /-=`", "plain text /-=`"},
        {"<script>alert('x' & \"y\")</script>", "&lt;script&gt;alert(&#39;x&#39; &amp; &quot;y&quot;)&lt;/script&gt;"},
        {"&amp;", "&amp;amp;"},
        {"é\U0001F600", "é\U0001F600"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) { BOOST_TEST(html_escape(c.in) == c.out); }
    }
}

BOOST_AUTO_TEST_CASE(control_characters_and_bytes_that_are_not_utf8_are_replaced) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {"a\0b"sv, "a\uFFFDb"},
        {"a\x1B\x7F"
         "b"sv,
         "a\uFFFD\uFFFDb"},
        {"\r"sv, "\uFFFD"},
        {"a\tb\nc"sv, "a\tb\nc"},
        {"\xFF<\xC3"sv, "\uFFFD&lt;\uFFFD"},
        {"\xC0\xBC"sv, "\uFFFD\uFFFD"}, // an overlong "<"
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) { BOOST_TEST(html_escape(c.in) == c.out); }
    }
}

BOOST_AUTO_TEST_SUITE_END()
