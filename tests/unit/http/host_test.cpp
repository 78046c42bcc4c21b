// Which hosts are valid, and their default port.
#include "http/host.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(hosts)

BOOST_AUTO_TEST_CASE(names_and_addresses_with_and_without_port_are_valid) {
    for (auto const s : {
             "a"sv,
             "EXAMPLE.com"sv,
             "example.com:8080"sv,
             "127.0.0.1"sv,
             "127.0.0.1:5000"sv,
             "a_b-c~d!$&'()*+,;="sv, // RFC 3986: sub-delims and unreserved characters may stand in a name
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

BOOST_AUTO_TEST_CASE(what_is_no_host_is_not_valid) {
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

BOOST_AUTO_TEST_CASE(the_port_that_http_has_by_default_is_left_out) {
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
    for (auto const &c : cases) BOOST_TEST(without_default_port(c.in) == c.out);
}

BOOST_AUTO_TEST_SUITE_END()
