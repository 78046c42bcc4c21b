// The field Range (RFC 9110 14).
#include "phial/http/byte_ranges.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

namespace {

// "0-9 20-29"; "416" when none can be satisfied, "200" when the field is ignored.
std::string shown(std::string_view field, std::uint64_t length, std::size_t most = 10) {
    auto const ranges = select_ranges(field, length, most);
    if (!ranges) return "200";
    if (ranges->empty()) return "416";
    std::string out;
    for (auto const &r : *ranges)
        out += (out.empty() ? "" : " ") + std::to_string(r.first) + '-' + std::to_string(r.first + r.size - 1);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(byte_ranges)

BOOST_AUTO_TEST_CASE(ranges_of_a_thousand_bytes) {
    struct {
        std::string_view field, wanted;
    } const cases[] = {
        {"bytes=0-0", "0-0"},
        {"bytes=0-499", "0-499"},
        {"bytes=500-", "500-999"},
        {"bytes=-500", "500-999"},
        {"bytes=-1", "999-999"},
        {"bytes=-1000", "0-999"},
        {"bytes=-5000", "0-999"},
        {"bytes=999-", "999-999"},
        {"bytes=990-5000", "990-999"},
        {"bytes=0-99999999999999999999999999", "0-999"},
        {"bytes=007-009", "7-9"},
        {"BYTES=0-9", "0-9"}, // 14.1: names of units are case-insensitive
        {"bytes=0-9,\t500-509 ", "0-9 500-509"},
        {"bytes=,,0-9,,", "0-9"}, // 5.6.1.2: empty elements
        {"bytes=500-509,0-9", "500-509 0-9"},
        {"bytes=0-9,2000-", "0-9"},
        {"bytes=1000-", "416"},
        {"bytes=2000-3000,-0", "416"},
        {"bytes=99999999999999999999999999-", "416"},
        // malformed, so ignored: 14.2
        {"bytes=9-0", "200"},
        {"bytes=0-9,9-0", "200"},
        {"bytes=", "200"},
        {"bytes=,", "200"},
        {"bytes=-", "200"},
        {"bytes=a-b", "200"},
        {"bytes=0-9a", "200"},
        {"bytes=+0-9", "200"},
        {"bytes=0 -9", "200"},
        {"bytes=0-9;10-19", "200"},
        {"bytes 0-9", "200"},
        {"bytes =0-9", "200"},
        {"bytes", "200"},
        {"", "200"},
        {"lines=0-9", "200"},
        {"bytess=0-9", "200"},
        {"bytes=--5", "200"},
        {"bytes=0-9,bytes=20-29", "200"}, // two field lines, joined
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.field) BOOST_TEST(shown(c.field, 1000) == c.wanted);
}

BOOST_AUTO_TEST_CASE(ranges_that_overlap_or_nearly_do_become_one) {
    struct {
        std::string_view field, wanted;
    } const cases[] = {
        {"bytes=0-99,50-149", "0-149"},
        {"bytes=0-99,100-199", "0-199"},
        {"bytes=0-99,179-199", "0-199"}, // 79 bytes between: fewer than the head of a part
        {"bytes=0-99,180-199", "0-99 180-199"},
        {"bytes=50-149,0-99", "0-149"},
        {"bytes=0-,0-,0-", "0-999"},
        {"bytes=0-9,500-509,5-14", "0-14 500-509"},
        {"bytes=500-509,0-9,505-600", "500-600 0-9"},
        {"bytes=0-9,200-209,400-409,0-409", "0-409"}, // takes in all three
        {"bytes=0-9,200-209,150-160", "0-9 150-209"},
        {"bytes=600-700,0-100,90-650", "0-700"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.field) BOOST_TEST(shown(c.field, 1000) == c.wanted);
}

BOOST_AUTO_TEST_CASE(too_many_ranges_are_ignored) {
    BOOST_TEST(shown("bytes=0-0,200-200,400-400", 1000, 3) == "0-0 200-200 400-400");
    BOOST_TEST(shown("bytes=0-0,200-200,400-400,600-600", 1000, 3) == "200");
    BOOST_TEST(shown("bytes=0-0,0-0,0-0,0-0", 1000, 3) == "200"); // before they become one
    BOOST_TEST(shown("bytes=0-0", 1000, 0) == "200");
}

BOOST_AUTO_TEST_CASE(of_nothing_there_is_no_range) {
    BOOST_TEST(shown("bytes=0-", 0) == "416");
    BOOST_TEST(shown("bytes=0-0", 0) == "416");
    BOOST_TEST(shown("bytes=-0", 0) == "416");
    BOOST_TEST(shown("bytes=-5", 0) == "200"); // it can be satisfied (14.1.2), but Content-Range cannot say it
    BOOST_TEST(shown("bytes=0-,-5", 0) == "200");
}

BOOST_AUTO_TEST_CASE(the_largest_file_has_ranges_too) {
    constexpr auto largest = UINT64_MAX;
    BOOST_TEST(shown("bytes=0-18446744073709551615", largest) == "0-18446744073709551614");
    BOOST_TEST(shown("bytes=18446744073709551615-", largest) == "416");
    BOOST_TEST(shown("bytes=18446744073709551614-", largest) == "18446744073709551614-18446744073709551614");
    BOOST_TEST(shown("bytes=-18446744073709551616", largest) == "0-18446744073709551614");
}

BOOST_AUTO_TEST_SUITE_END()
