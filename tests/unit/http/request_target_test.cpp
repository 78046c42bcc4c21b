// Taking request targets apart.
#include "phial/http/request_target.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(request_targets)

BOOST_AUTO_TEST_CASE(the_three_forms_are_taken_apart_and_nothing_is_decoded) {
    struct {
        std::string_view in, authority, path, query;
    } const cases[] = {
        {"/", "", "/", ""},
        {"/a/b", "", "/a/b", ""},
        {"/a?b=c", "", "/a", "b=c"},
        {"/a?", "", "/a", ""},
        {"/?a?b/c", "", "/", "a?b/c"},
        {"/%2F%3F?%23", "", "/%2F%3F", "%23"},
        {"//host/a", "", "//host/a", ""}, // no authority: the origin form is a path
        {"/http://b/", "", "/http://b/", ""},
        {"/../a/./b", "", "/../a/./b", ""},
        {"/\xC3\xA9", "", "/\xC3\xA9", ""},
        {"*", "", "*", ""},
        {"http://a/b?c", "a", "/b", "c"},
        {"HtTp://A:8080/B", "A:8080", "/B", ""},
        {"http://a", "a", "/", ""},
        {"http://a?c", "a", "/", "c"},
        {"http://a/?c", "a", "/", "c"},
        {"http://[::1]:80/x", "[::1]:80", "/x", ""},
        {"http://a//b", "a", "//b", ""},
        {"http://a/u@h", "a", "/u@h", ""},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            auto const t = parse_target(c.in);
            BOOST_TEST(t.authority == c.authority);
            BOOST_TEST(t.path == c.path);
            BOOST_TEST(t.query == c.query);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_absolute_form_without_a_path_is_the_asterisk_of_options) {
    BOOST_TEST(parse_target("http://a", method::options).path == "*");
    BOOST_TEST(parse_target("http://a", method::options).authority == "a");
    BOOST_TEST(parse_target("http://a/", method::options).path == "/");
    BOOST_TEST(parse_target("http://a?b", method::options).path == "/");
    BOOST_TEST(parse_target("/", method::options).path == "/");
}

BOOST_AUTO_TEST_CASE(anything_else_has_no_path) {
    for (std::string_view const s : {
             "",
             "a",
             "a/b",
             "?a",
             "#",
             "**",
             "*?a",
             "*/",
             "/a#b",
             "/a?b#c",
             "http://a/#b",
             "http://a#b",
             "a:80",
             "localhost:5000",
             "https://a/",
             "ftp://a/",
             "http:",
             "http:/",
             "http:/a",
             "http://",
             "http:///a",
             "http://?a",
             "http://u@a/",
             "http://a:x/",
             "http://a:99999/",
             "http://a\\b/",
             "http://[::1/",
             "httpx://a/",
         }) {
        BOOST_TEST_CONTEXT(s) {
            auto const t = parse_target(s);
            BOOST_TEST(t.path == "");
            BOOST_TEST(t.authority == "");
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said) {
    struct {
        std::string_view target, why;
    } const cases[] = {
        {"https://a/", "the only scheme served here is http"},
        {"HTTPS://a/", "the only scheme served here is http"},
        {"ftp://a/", "the only scheme served here is http"},
        {"a", "a path that begins with a slash"},
        {"a:80", "a path that begins with a slash"},
        {"http:/a", "a path that begins with a slash"},
        {"/a#b", "no fragment"},
        {"https://a/#b", "no fragment"},
        {"http://a b/", "the host"},
        {"HTTP://u@h/", "the host"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.target) {
            BOOST_TEST(parse_target(c.target).path.empty());
            BOOST_TEST(why_no_target(c.target).find(c.why) != std::string_view::npos);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(hosts)

BOOST_AUTO_TEST_CASE(names_and_addresses_with_and_without_port_are_valid) {
    for (auto const s : {
             "a"sv,
             "EXAMPLE.com"sv,
             "example.com:8080"sv,
             "127.0.0.1"sv,
             "127.0.0.1:5000"sv,
             "a_b-c~d!$&'()*+,;="sv, // RFC 3986: sub-delims and unreserved characters is allowed in a name
             "%41%c3%A9"sv,
             "a:"sv, // an empty port is a port
             "a:0"sv,
             "a:00080"sv,
             "a:0000000080"sv,
             "[v1.a:b]:80"sv,
             "[vF.~]"sv,
             "a:65535"sv,
             "[::1]"sv,
             "[::1]:80"sv,
             "[::1]:"sv,
             "[2001:DB8::7:0]"sv,
             "[::ffff:192.0.2.1]:1"sv,
             "[0000:1111:2222:3333:4444:5555:255.255.255.255]"sv,
         }) {
        BOOST_TEST_CONTEXT(s) { BOOST_TEST(is_valid_host(s)); }
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_a_host_is_not_valid) {
    for (auto const s : {
             ""sv,
             ":"sv,
             ":80"sv,
             "a:b"sv,
             "a:+1"sv,
             "a:-1"sv,
             "a: 1"sv,
             "a:1 "sv,
             "a:65536"sv,
             "a:99999"sv,
             "a:0065536"sv,
             "[v.a]"sv,
             "[v1.]"sv,
             "[vG.a]"sv,
             "[v1.a b]"sv,
             "a:80:80"sv,
             "::1"sv,
             "u@a"sv,
             "u:p@a"sv,
             "a b"sv,
             " a"sv,
             "a "sv,
             "a/"sv,
             "a?"sv,
             "a#"sv,
             "a\\b"sv,
             "a\tb"sv,
             "a\0"sv,
             "\0"sv,
             "a\x7F"sv,
             "\xC3\xA9"sv,
             "a<b>"sv,
             "a\"b"sv,
             "a|b"sv,
             "a^b"sv,
             "a{b}"sv,
             "a`b"sv,
             "%"sv,
             "%4"sv,
             "%zz"sv,
             "%4g"sv,
             "a%"sv,
             "a%4:80"sv,
             "[]"sv,
             "[::1"sv,
             "::1]"sv,
             "a[::1]"sv,
             "[::1]a"sv,
             "[::1]80"sv,
             "[::1]:x"sv,
             "[::g]"sv,
             "[:::]"sv,
             "[127.0.0.1]"sv,
             "[a]"sv,
             "[::1]:65536"sv,
             "[[::1]]"sv,
             "[::1%eth0]"sv,
             "[::1%25eth0]"sv,
             "[::1\0]"sv,
             "[1:2:3:4:5:6:7:8:9]"sv,
             "[v1.x"sv,
             "a]"sv,
         }) {
        BOOST_TEST_CONTEXT(s) { BOOST_TEST(!is_valid_host(s)); }
    }
    BOOST_TEST(!is_valid_host("[" + std::string(1000, ':') + "]"));
}

BOOST_AUTO_TEST_CASE(the_default_port_is_left_out) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {"a", "a"},
        {"a:80", "a"},
        {"a:", "a"},
        {"a:8080", "a:8080"},
        {"a:800", "a:800"},
        {"a:8", "a:8"},
        {"a:443", "a:443"},
        {"[::1]", "[::1]"},
        {"[::80]", "[::80]"},
        {"[::1]:80", "[::1]"},
        {"[::1]:", "[::1]"},
        {"[::1]:81", "[::1]:81"},
        {"", ""},
    };
    for (auto const &c : cases) BOOST_TEST(without_default_port(c.in, "80") == c.out);
    BOOST_TEST(without_default_port("a:443", "443") == "a");
    BOOST_TEST(without_default_port("a:80", "443") == "a:80");
}

BOOST_AUTO_TEST_CASE(a_host_without_its_port_is_a_name_or_an_address) {
    struct {
        std::string_view in, out;
    } const cases[] = {{"a", "a"}, {"a:80", "a"}, {"a:", "a"}, {"[::1]", "[::1]"}, {"[::1]:443", "[::1]"}};
    for (auto const &c : cases) BOOST_TEST(without_port(c.in) == c.out);
}

BOOST_AUTO_TEST_SUITE_END()
