// Content codings that a client accepts (RFC 9110 12.5.3).
#include "phial/http/coding_preference.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string_view>
#include <vector>

using namespace phial;

BOOST_AUTO_TEST_SUITE(coding_preferences)

BOOST_AUTO_TEST_CASE(the_weight_of_a_coding) {
    struct {
        std::string_view value, coding;
        int quality; // -1: the value does not say
    } const cases[] = {
        {"gzip, deflate, br", "gzip", 1000},
        {"gzip, deflate, br", "br", 1000},
        {"gzip, deflate, br", "zstd", -1},
        {"gzip, deflate, br", "identity", -1},
        {"GZip", "gzip", 1000},
        {"x-gzip", "gzip", 1000}, // 8.4.1.3
        {"gzip;q=0.5", "gzip", 500},
        {"gzip ; Q=0.5", "gzip", 500},
        {"gzip;q=0", "gzip", 0},
        {"*", "br", 1000},
        {"*;q=0.1, br", "br", 1000},
        {"br, *;q=0", "gzip", 0},
        {"br, *;q=0", "identity", 0},
        {"br, identity;q=0.2, *;q=0", "identity", 200},
        {"gzip;q=2", "gzip", -1}, // malformed: ignored
        {"gzip;q=2, gzip;q=0.3", "gzip", 300},
        {"gzip;q=0.3, gzip", "gzip", 300},
        {"gzip;level=9", "gzip", -1},
        {"gzipped", "gzip", -1},
        {"", "gzip", -1},
        {",,gzip,", "gzip", 1000},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.value << " for " << c.coding)
    BOOST_TEST(coding_quality(c.value, c.coding).value_or(-1) == c.quality);
}

BOOST_AUTO_TEST_CASE(a_coding_is_preferred_unless_the_client_prefers_none) {
    struct {
        std::string_view value;
        bool gzip;
    } const cases[] = {
        {"", false},
        {"gzip", true},
        {"gzip;q=0.001", true}, // identity is acceptable, but not asked for
        {"gzip;q=0", false},
        {"identity", false},
        {"identity, gzip", true},
        {"identity, gzip;q=0.9", false},
        {"identity;q=0.5, gzip;q=0.5", true},
        {"identity;q=0", false},
        {"identity;q=0, *", true},
        {"*", true},
        {"*;q=0", false},
        {"br", false},
    };
    constexpr std::array<std::string_view, 1> gzip{"gzip"};
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.value) BOOST_TEST(wanted_codings(c.value, gzip).size() == c.gzip);
}

BOOST_AUTO_TEST_CASE(codings_are_wanted_by_their_weights_and_then_in_the_order_of_the_offer) {
    constexpr std::array<std::string_view, 3> offers{"br", "zstd", "gzip"};
    using names = std::vector<std::string_view>;
    struct {
        std::string_view value;
        names wanted;
    } const cases[] = {
        {"", {}},
        {"gzip, zstd, br", {"br", "zstd", "gzip"}},
        {"gzip, br;q=0.5, zstd;q=0.9", {"gzip", "zstd", "br"}},
        {"*;q=0.5, gzip", {"gzip", "br", "zstd"}},
        {"identity;q=0.6, gzip, br;q=0.5", {"gzip"}},
    };
    for (auto const &c : cases)
        BOOST_TEST(wanted_codings(c.value, offers) == c.wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
