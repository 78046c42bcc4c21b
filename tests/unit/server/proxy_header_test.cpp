// Headers of the PROXY protocol, version 1 and 2.
#include "phial/server/proxy_header.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace phial;
using namespace std::string_literals;
using result = proxy_header::result;

namespace {

std::string const signature = "\r\n\r\n\0\r\nQUIT\n"s;
std::string const ipv4 = "\xC0\0\2\7\xC6\x33\x64\1\xDC\4\1\xBB"s;
std::string const ipv6 = "\x20\1\r\xB8\0\0\0\0\0\0\0\0\0\0\0\7"s + std::string(16, '\1') + "\0\1\0\2"s;

std::string version_2(char command, char family, std::string const &content) {
    auto const size = content.size();
    return signature + command + family + static_cast<char>(size >> 8U) + static_cast<char>(size & 0xFFU) + content;
}

// The client, "peer", or what else is found.
std::string found(std::string_view bytes) {
    auto const header = read_proxy_header(bytes);
    if (header.found == result::need_more) return "more";
    if (header.found == result::malformed) return "malformed";
    return (header.client ? header.client->to_string() : "peer") + " " + std::to_string(header.size);
}

} // namespace

BOOST_AUTO_TEST_SUITE(proxy_headers)

BOOST_AUTO_TEST_CASE(a_header_names_the_client_and_ends_where_it_says) {
    std::vector<std::pair<std::string, std::string>> const cases{
        {"PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n", "192.0.2.7"},
        {"PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255"},
        {"PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n", "0.0.0.0"},
        {"PROXY TCP6 2001:db8::7 ::1 1 2\r\n", "2001:db8::7"},
        {"PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n", "192.0.2.7"},
        {"PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"},
        {"PROXY UNKNOWN\r\n", "peer"},
        {"PROXY UNKNOWN ffff::1 x y z\r\n", "peer"},
        {"PROXY UNKNOWN " + std::string(91, 'x') + "\r\n", "peer"},
        {version_2('\x21', '\x11', ipv4), "192.0.2.7"},
        {version_2('\x21', '\x12', ipv4), "192.0.2.7"},
        {version_2('\x21', '\x21', ipv6), "2001:db8::7"},
        {version_2('\x21', '\x11', ipv4 + std::string(4000, 't')), "192.0.2.7"},
        {version_2('\x21', '\x31', std::string(216, '\0')), "peer"},
        {version_2('\x21', '\0', ""), "peer"},
        {version_2('\x21', '\0', "what ever"), "peer"},
        {version_2('\x21', '\x10', ipv4), "peer"},
        {version_2('\x21', '\1', ipv4), "peer"},
        {version_2('\x20', '\0', ""), "peer"},
        {version_2('\x20', '\x11', ipv4), "peer"},
        {version_2('\x20', '\xFF', "x"), "peer"}, // LOCAL: all of it is ignored
    };
    for (auto const &[header, client] : cases) {
        BOOST_TEST_CONTEXT(header) {
            auto const whole = client + " " + std::to_string(header.size());
            BOOST_TEST(found(header) == whole);
            BOOST_TEST(found(header + "GET / HTTP/1.1\r\n") == whole);
            BOOST_TEST(found(header + header) == whole);
            for (std::size_t n = 0; n < header.size(); ++n)
                if (auto const part = found(header.substr(0, n)); part != "more")
                    BOOST_TEST_CONTEXT(n << " bytes") BOOST_TEST(part == "more");
        }
    }
}

BOOST_AUTO_TEST_CASE(anything_else_is_malformed_as_soon_as_that_is_certain) {
    std::vector<std::string> const cases{
        "GET / HTTP/1.1\r\n\r\n",
        "G",
        "PROXX",
        "proxy",
        " PROXY TCP4",
        "PROXY\r",
        "PROXY \r\n",
        "\n",
        "\r\r",
        "\r\n\r\nG",
        "PROXY TCP4\r\n",
        "PROXY TCP5 192.0.2.7 198.51.100.1 1 2\r\n",
        "PROXY UDP4 192.0.2.7 198.51.100.1 1 2\r\n",
        "PROXY UNKNOWNX\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 \r\n",
        "PROXY  TCP4 192.0.2.7 198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7  198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2.07 198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2.256 198.51.100.1 1 2\r\n",
        "PROXY TCP4 ::1 ::1 1 2\r\n",
        "PROXY TCP6 192.0.2.7 ::1 1 2\r\n",
        "PROXY TCP6 fe80::1%1 ::1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 x 1 2\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 65536 2\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 02\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 -1 2\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\rX",
        "PROXY UNKNOWN " + std::string(92, 'x') + "\r\n",
        "PROXY UNKNOWN " + std::string(93, 'x'),
        signature + "\x11",
        signature + "\x22",
        signature + "\x31\x11\0\0"s,
        version_2('\x21', '\x41', std::string(300, 'x')),
        version_2('\x21', '\x13', ipv4),
        version_2('\x21', '\x11', ipv4.substr(1)),
        version_2('\x21', '\x21', ipv6.substr(1)),
        version_2('\x21', '\x31', std::string(215, '\0')),
        signature + "\x21\x11\x0F\xF1"s, // 4097 bytes
        signature + "\x20\0\xFF\xFF"s,
    };
    for (auto const &bytes : cases) BOOST_TEST_CONTEXT(bytes) {
            BOOST_TEST(found(bytes) == "malformed");
            BOOST_TEST(found(bytes + "PROXY UNKNOWN\r\n") == "malformed");
        }
    BOOST_TEST(found(signature + "\x21\x11\x0F\xF0"s) == "more");
}

BOOST_AUTO_TEST_SUITE_END()
