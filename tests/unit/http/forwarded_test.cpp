// Networks, and who the client is behind proxies of theirs.
#include "phial/http/forwarded.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace std::string_view_literals;
using boost::asio::ip::make_address;

namespace {

networks const trusted("10.0.0.0/8, fd00::/8, 127.0.0.1");

std::string client(char const *peer, std::vector<field> const &lines, networks const &of = trusted) {
    return client_of(make_address(peer), fields_view(lines), of).to_string();
}

std::string mistake(std::string_view list) {
    try {
        networks const read(list);
        return "no mistake";
    } catch (std::invalid_argument const &e) {
        return e.what();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(forwarding)

BOOST_AUTO_TEST_CASE(a_network_holds_the_addresses_with_its_prefix) {
    struct {
        std::string_view list;
        char const *address;
        bool in;
    } const cases[] = {
        {"", "127.0.0.1", false},
        {" \t", "::1", false},
        {"10.0.0.0/8", "10.0.0.0", true},
        {"10.0.0.0/8", "10.255.255.255", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.0.0.0/8", "9.255.255.255", false},
        {"192.168.4.0/22", "192.168.7.255", true},
        {"192.168.4.0/22", "192.168.8.0", false},
        {"192.168.4.0/022", "192.168.7.255", true},
        {"128.0.0.0/1", "255.255.255.255", true},
        {"128.0.0.0/1", "127.255.255.255", false},
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.0", false},
        {"127.0.0.1/32", "127.0.0.3", false},
        {"127.0.0.2/31", "127.0.0.3", true},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "2001:db8::1", true},
        {"::/0", "203.0.113.9", false}, // IPv4 is no part of IPv6 here
        {"::/0", "::ffff:203.0.113.9", false},
        {"::/0", "::203.0.113.9", true},
        {"fd00::/8", "fdff::1", true},
        {"fd00::/8", "fe00::1", false},
        {"2001:db8::/63", "2001:db8:0:1::1", true},
        {"2001:db8::/63", "2001:db8:0:2::1", false},
        {"2001:db8::/64", "2001:db8::ffff:0:0:1", true},
        {"2001:db8::/64", "2001:db8:0:1::1", false},
        {"2001:db8::/65", "2001:db8::7fff:0:0:1", true},
        {"2001:db8::/65", "2001:db8::8000:0:0:1", false},
        {"2001:db8::1", "2001:db8::1", true},
        {"2001:db8::1", "2001:db8::2", false},
        {"2001:db8::2/127", "2001:DB8::3", true},
        {"fe80::/10", "fe80::1%1", true}, // whatever the zone
        {"10.0.0.0/8", "::ffff:10.1.2.3", true},
        {"10.0.0.0/8", "::ffff:11.1.2.3", false},
        {"10.0.0.0/8", "::10.1.2.3", false},
        {"::ffff:10.0.0.0/104", "10.1.2.3", true},
        {"::ffff:10.0.0.0/104", "11.1.2.3", false},
        {"::ffff:10.0.0.1", "10.0.0.1", true},
        {"10.0.0.0/8, fd00::/8,127.0.0.1", "10.1.1.1", true},
        {"10.0.0.0/8, fd00::/8,127.0.0.1", "fd00::1", true},
        {" 10.0.0.0/8 ,\tfd00::/8,127.0.0.1 ", "127.0.0.1", true},
        {"10.0.0.0/8, fd00::/8,127.0.0.1", "127.0.0.2", false},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.address << " in " << c.list)
    BOOST_TEST(networks(c.list).contains(make_address(c.address)) == c.in);
}

BOOST_AUTO_TEST_CASE(what_is_not_a_network_is_reported_by_its_name) {
    struct {
        std::string_view list, told;
    } const cases[] = {
        {"proxy.example.com", "'proxy.example.com' is not an IPv4 or IPv6 address, or a network like 10.0.0.0/8"},
        {"10.0.0.0/8,", "'' is not an IPv4"},
        {",", "'' is not an IPv4"},
        {"10.0.0.0/8,,::1", "'' is not an IPv4"},
        {"10.0.0.0/8 fd00::/8", "'10.0.0.0/8 fd00::/8' needs a number from 0 to 32 after the slash"},
        {"/8", "'/8' is not an IPv4"},
        {"10/8", "'10/8' is not an IPv4"},
        {"010.0.0.0/8", "'010.0.0.0/8' is not an IPv4"},
        {"256.0.0.0/8", "'256.0.0.0/8' is not an IPv4"},
        {"[::1]", "'[::1]' is not an IPv4"},
        {"fe80::1%eth0", "'fe80::1%eth0' is not an IPv4"},
        {"127.0.0.1:80", "'127.0.0.1:80' is not an IPv4"},
        {"127.0.0.1\0"sv, "'127.0.0.1"},
        {"10.0.0.0/", "'10.0.0.0/' needs a number from 0 to 32"},
        {"10.0.0.0/33", "'10.0.0.0/33' needs a number from 0 to 32"},
        {"10.0.0.0/-8", "'10.0.0.0/-8' needs a number"},
        {"10.0.0.0/+8", "'10.0.0.0/+8' needs a number"},
        {"10.0.0.0/ 8", "'10.0.0.0/ 8' needs a number"},
        {"10.0.0.0/8/8", "'10.0.0.0/8/8' needs a number"},
        {"10.0.0.0/255.0.0.0", "'10.0.0.0/255.0.0.0' needs a number"},
        {"10.0.0.0/99999999999999999999", "needs a number"},
        {"fd00::/129", "'fd00::/129' needs a number from 0 to 128"},
        {"::1, 10.0.0.1/8, nonsense", "'10.0.0.1/8' has bits set after its first 8"},
        {"10.0.0.0/6", "'10.0.0.0/6' has bits"},
        {"127.0.0.1/31", "'127.0.0.1/31' has bits"},
        {"0.0.0.1/0", "'0.0.0.1/0' has bits"},
        {"2001:db8::1/64", "'2001:db8::1/64' has bits set after its first 64"},
        {"2001:db8:0:1::/63", "'2001:db8:0:1::/63' has bits"},
        {"::ffff:10.0.0.0/8", "'::ffff:10.0.0.0/8' has bits"},
        {"::ffff:0.0.0.0/95", "'::ffff:0.0.0.0/95' has bits"},
    };
    for (auto const &c : cases)
        BOOST_TEST(mistake(c.list).find(c.told) != std::string::npos, c.list << " is told: " << mistake(c.list));
}

BOOST_AUTO_TEST_CASE(a_peer_that_is_not_trusted_is_the_client_whatever_it_says) {
    std::vector<field> const lines{{"Forwarded", "for=1.1.1.1"}, {"X-Forwarded-For", "1.1.1.1"}};
    BOOST_TEST(client("203.0.113.9", lines) == "203.0.113.9");
    BOOST_TEST(client("2001:db8::1", lines) == "2001:db8::1");
    BOOST_TEST(client("::ffff:203.0.113.9", lines) == "203.0.113.9");
    BOOST_TEST(client("10.0.0.1", lines, networks()) == "10.0.0.1");
}

BOOST_AUTO_TEST_CASE(a_trusted_peer_that_says_nothing_is_the_client) {
    BOOST_TEST(client("10.0.0.1", {}) == "10.0.0.1");
    BOOST_TEST(client("::ffff:10.0.0.1", {{"Host", "a"}, {"X-Forwarded-Host", "b"}}) == "10.0.0.1");
    BOOST_TEST(client("10.0.0.1", {{"Forwarded", ""}}) == "10.0.0.1");
    BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", " , ,"}}) == "10.0.0.1");
}

BOOST_AUTO_TEST_CASE(x_forwarded_for_is_walked_from_the_right_to_the_first_that_is_not_trusted) {
    struct {
        std::string_view value;
        std::string_view client;
    } const cases[] = {
        {"203.0.113.9", "203.0.113.9"},
        {" 203.0.113.9\t", "203.0.113.9"},
        {"203.0.113.9:4711", "203.0.113.9"},
        {"2001:db8::1", "2001:db8::1"},
        {"2001:DB8:0::1", "2001:db8::1"},
        {"[2001:db8::1]", "2001:db8::1"},
        {"[2001:db8::1]:4711", "2001:db8::1"},
        {"2001:db8::1:4711", "2001:db8::1:4711"},
        {"::ffff:203.0.113.9", "203.0.113.9"},
        {"[::ffff:203.0.113.9]:1", "203.0.113.9"},
        {"1.1.1.1, 203.0.113.9", "203.0.113.9"}, // the client wrote 1.1.1.1
        {"1.1.1.1,203.0.113.9, 10.0.0.2", "203.0.113.9"},
        {"203.0.113.9, 10.0.0.2,127.0.0.1,fd00::1,::ffff:10.1.1.1", "203.0.113.9"},
        {"203.0.113.9, 10.0.0.2:80, [fd00::1]:80", "203.0.113.9"},
        {"nonsense\", 203.0.113.9", "203.0.113.9"},
        {",203.0.113.9,, ,10.0.0.2, ", "203.0.113.9"}, // elements may be empty
        // all are trusted: the leftmost
        {"10.0.0.2", "10.0.0.2"},
        {"10.0.0.3, 10.0.0.2", "10.0.0.3"},
        // a hop that cannot be read: the last one before it
        {"unknown", "10.0.0.1"},
        {"203.0.113.9, unknown, 10.0.0.2", "10.0.0.2"},
        {"203.0.113.9, _hidden, 10.0.0.2", "10.0.0.2"},
        {"203.0.113.9, \"10.0.0.3\", 10.0.0.2", "10.0.0.2"},
        {"for=203.0.113.9", "10.0.0.1"},
        {"localhost", "10.0.0.1"},
        {"203.0.113", "10.0.0.1"},
        {"203.0.113.9 10.0.0.2", "10.0.0.1"},
        {"203.0.113.09", "10.0.0.1"},
        {"203.0.113.9:", "10.0.0.1"},
        {"203.0.113.9:x", "10.0.0.1"},
        {"203.0.113.9:123456", "10.0.0.1"},
        {"203.0.113.9:80:80", "10.0.0.1"},
        {"203.0.113.9\0"sv, "10.0.0.1"},
        {"[203.0.113.9]", "10.0.0.1"},
        {"[2001:db8::1", "10.0.0.1"},
        {"[2001:db8::1]4711", "10.0.0.1"},
        {"[2001:db8::1]:", "10.0.0.1"},
        {"[[2001:db8::1]]", "10.0.0.1"},
        {"2001:db8::1]", "10.0.0.1"},
        {"[]", "10.0.0.1"},
        {":80", "10.0.0.1"},
        {"fe80::1%eth0", "10.0.0.1"},
        {"[fe80::1%25eth0]", "10.0.0.1"},
    };
    for (auto const &c : cases)
        BOOST_TEST_CONTEXT(c.value) BOOST_TEST(client("10.0.0.1", {{"x-forwarded-for", c.value}}) == c.client);
}

BOOST_AUTO_TEST_CASE(forwarded_is_walked_the_same_way) {
    struct {
        std::string_view value;
        std::string_view client;
    } const cases[] = {
        // RFC 7239 4 and 6
        {"for=192.0.2.43", "192.0.2.43"},
        {"For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"},
        {"for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"},
        {"for=192.0.2.43, for=198.51.100.17", "198.51.100.17"},
        {"for=\"192.0.2.43:47011\"", "192.0.2.43"},
        {"for=\"192.0.2.43:_port\"", "192.0.2.43"},
        {"for=\"[2001:db8:cafe::17]\"", "2001:db8:cafe::17"},
        {"for=192.0.2.43, for=\"[fd00::17]\"", "192.0.2.43"},
        {"for=192.0.2.43,for=\"[fd00::17]:1\";by=\"_a,;\\\"b\\\\\";host=a, for=10.0.0.2", "192.0.2.43"},
        {"proto=https;FOR=\"192.0.2.43\"", "192.0.2.43"},
        {";;for=192.0.2.43;", "192.0.2.43"},
        {"for=192.0.2.43 ; proto=http", "192.0.2.43"}, // not in the grammar, but in use
        {"for=\"::ffff:192.0.2.43\"", "192.0.2.43"},
        {"for=192.0.2.43, ,for=10.0.0.2,", "192.0.2.43"},
        // what the client wrote reaches no further than its comma
        {"for=1.1.1.1;x=\", for=192.0.2.43", "192.0.2.43"},
        {"x=\"\\\", for=\"192.0.2.43:1\", for=10.0.0.2", "192.0.2.43"},
        {"for=1.1.1.1;x=\", for=\"[2001:db8::5]:1\"", "2001:db8::5"},
        {"for=1.1.1.1;x=\\\", for=\"10.0.0.2\"", "10.0.0.2"},
        {"\\\\\", for=\"192.0.2.43\"", "192.0.2.43"},
        // all are trusted: the leftmost
        {"for=10.0.0.3, for=10.0.0.2", "10.0.0.3"},
        // a hop that does not say, or cannot be read: the last one before it
        {"for=192.0.2.43, for=unknown, for=10.0.0.2", "10.0.0.2"},
        {"for=192.0.2.43, for=_hidden, for=10.0.0.2", "10.0.0.2"},
        {"for=192.0.2.43, for=\"_SEVKISEK:_x\", for=10.0.0.2", "10.0.0.2"},
        {"for=192.0.2.43, for=\"unknown:80\", for=10.0.0.2", "10.0.0.2"},
        {"for=192.0.2.43, proto=http, for=10.0.0.2", "10.0.0.2"},
        {"for=192.0.2.43;for=192.0.2.43", "10.0.0.1"},
        {"for=", "10.0.0.1"},
        {"for", "10.0.0.1"},
        {"for=\"\"", "10.0.0.1"},
        {"for=\"", "10.0.0.1"},
        {"\"", "10.0.0.1"},
        {"=192.0.2.43", "10.0.0.1"},
        {"192.0.2.43", "10.0.0.1"},
        {"for =192.0.2.43", "10.0.0.1"},
        {"for= 192.0.2.43", "10.0.0.1"},
        {"for=192.0.2.43 proto=http", "10.0.0.1"},
        {"for=\"192.0.2.43\"proto=http", "10.0.0.1"},
        {"for=\"192.0.2.43", "10.0.0.1"},
        {"for=192.0.2.43\"", "10.0.0.1"},
        {"for=\"192.0.2.43\\\"", "10.0.0.1"},
        {"for=\"192.0.2.\\43\"", "10.0.0.1"}, // an escape where none is needed
        {"for=192.0.2.43:80", "10.0.0.1"},    // needs quotes
        {"for=[2001:db8::1]", "10.0.0.1"},
        {"for=\"192.0.2.43:_\"", "10.0.0.1"},
        {"for=\"192.0.2.43:_a b\"", "10.0.0.1"},
        {"for=192.0.2.43;proto=\"http", "10.0.0.1"},
    };
    for (auto const &c : cases)
        BOOST_TEST_CONTEXT(c.value) BOOST_TEST(client("10.0.0.1", {{"forwarded", c.value}}) == c.client);
}

BOOST_AUTO_TEST_CASE(lines_of_a_name_are_one_list) {
    BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", "1.1.1.1"},
                                   {"Accept", "8.8.8.8"},
                                   {"X-FORWARDED-FOR", "192.0.2.43, 10.0.0.3"},
                                   {"X-Forwarded-For", ""},
                                   {"X-Forwarded-For", "10.0.0.2"}}) == "192.0.2.43");
    BOOST_TEST(client("10.0.0.1", {{"Forwarded", "for=192.0.2.43"}, {"Forwarded", "for=10.0.0.2"}}) == "192.0.2.43");
    BOOST_TEST(client("10.0.0.1", {{"Forwarded", "for=192.0.2.43, for=\""}, {"Forwarded", "\", for=10.0.0.2"}}) ==
               "10.0.0.2");
}

BOOST_AUTO_TEST_CASE(where_both_fields_are_there_they_must_agree) {
    struct {
        std::string_view forwarded, x_forwarded_for, client;
    } const cases[] = {
        {"for=192.0.2.43", "192.0.2.43", "192.0.2.43"},
        {"for=1.1.1.1, for=192.0.2.43", "2.2.2.2, 192.0.2.43, 10.0.0.2", "192.0.2.43"},
        {"for=1.1.1.1", "192.0.2.43", "10.0.0.1"}, // one of them is the client's; which?
        {"for=192.0.2.43", "1.1.1.1", "10.0.0.1"},
        {"nonsense", "192.0.2.43", "10.0.0.1"},
        {"", "192.0.2.43", "10.0.0.1"},
        {"for=192.0.2.43", "unknown", "10.0.0.1"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.forwarded << " and " << c.x_forwarded_for)
    BOOST_TEST(client("10.0.0.1", {{"Forwarded", c.forwarded}, {"X-Forwarded-For", c.x_forwarded_for}}) == c.client);
}

BOOST_AUTO_TEST_CASE(at_most_32_hops_are_looked_at) {
    std::string hops;
    for (int i = 31; i > 0; --i) hops += ", 10.0.1." + std::to_string(i);
    BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", "192.0.2.43" + hops}}) == "192.0.2.43");
    BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", "192.0.2.43, 10.0.1.32" + hops}}) == "10.0.1.32");
    std::string const commas(32, ',');
    BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", "192.0.2.43" + commas}}) == "10.0.0.1");
}

BOOST_AUTO_TEST_SUITE_END()
