#include "phial/text/uri.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(uri)

BOOST_AUTO_TEST_CASE(decoding_is_done_once_as_utf8_and_forgives_malformed_escapes) {
    struct {
        std::string_view in, path, form;
    } const cases[] = {
        {"", "", ""},
        {"plain", "plain", "plain"},
        {"a%20b", "a b", "a b"},
        {"a+b", "a+b", "a b"},
        {"%2B", "+", "+"},
        {"%2525", "%25", "%25"},
        {"%C3%A9%c3%a9", "éé", "éé"},
        {"\xC3\xA9", "é", "é"},
        {"%", "%", "%"},
        {"%4", "%4", "%4"},
        {"%zz%4", "%zz%4", "%zz%4"},
        {"%FF", "\uFFFD", "\uFFFD"},
        {"a%E2%82b%FFc", "a\uFFFDb\uFFFDc", "a\uFFFDb\uFFFDc"},
        {"%00", std::string_view("\0", 1), std::string_view("\0", 1)},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            BOOST_TEST(percent_decode(c.in) == c.path);
            BOOST_TEST(form_decode(c.in) == c.form);
        }
    }
}

BOOST_AUTO_TEST_CASE(encoding_keeps_what_a_path_segment_may_hold) {
    BOOST_TEST(percent_encode("az AZ 09 -._~!$&'()*+,;=:@") == "az%20AZ%2009%20-._~!$&'()*+,;=:@");
    BOOST_TEST(percent_encode("a/b?c#d%e\"<é>\n") == "a%2Fb%3Fc%23d%25e%22%3C%C3%A9%3E%0A");
    BOOST_TEST(percent_encode("a/b", true) == "a/b");
}

BOOST_AUTO_TEST_CASE(only_escapes_and_bytes_outside_ascii_need_decoding) {
    BOOST_TEST(!needs_decoding("/a-b+c"));
    BOOST_TEST(needs_decoding("/%41"));
    BOOST_TEST(needs_decoding("/\xC3\xA9"));
}

BOOST_AUTO_TEST_SUITE_END()
