#include "phial/text/base64.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(base64)

BOOST_AUTO_TEST_CASE(bytes_are_read) {
    struct {
        std::string_view text, bytes;
    } const cases[] = {// RFC 4648 10
                       {"", ""},
                       {"Zg==", "f"},
                       {"Zm8=", "fo"},
                       {"Zm9v", "foo"},
                       {"Zm9vYg==", "foob"},
                       {"Zm9vYmE=", "fooba"},
                       {"Zm9vYmFy", "foobar"},
                       {"AAAA", "\0\0\0"sv},
                       {"+/v7", "\xFB\xFB\xFB"}};
    for (auto const &c : cases) {
        auto const read = decode_base64(c.text);
        BOOST_TEST_REQUIRE(read.has_value(), c.text);
        BOOST_TEST((*read == c.bytes), c.text);
    }
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
    BOOST_TEST(encode_base64("foobar") == "Zm9vYmFy"); // RFC 4648 10
    std::string bytes;
    for (int n = 0; n < 300; ++n) {
        auto const text = encode_base64(bytes);
        BOOST_TEST(text.size() == (bytes.size() + 2) / 3 * 4);
        BOOST_TEST((decode_base64(text) == bytes));
        bytes += static_cast<char>(n * 37);
    }
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
    for (auto const text : {"Zg"sv, "Zg="sv, "Zh=="sv, "Zm9="sv, "Zg=a"sv, "=Zg="sv, "===="sv, "Zm9v\n"sv, " Zm9v"sv,
                            "Zm 9"sv, "-_v7"sv, "Zm9\0"sv, "Zg==Zg=="sv, "\xFFm9v"sv})
        BOOST_TEST(!decode_base64(text), text);
    BOOST_TEST(!!decode_base64(std::string(8192, 'A')));
    BOOST_TEST(!decode_base64(std::string(8196, 'A')));
}

BOOST_AUTO_TEST_SUITE_END()
