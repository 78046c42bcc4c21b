// What the converters of route patterns take.
#include "phial/routing/path_value.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(path_value_conversion)

BOOST_AUTO_TEST_CASE(int_takes_ascii_digits_that_fit_64_bits) {
    struct {
        std::string_view in;
        std::optional<std::int64_t> out;
    } const cases[] = {
        {"0", 0},
        {"7", 7},
        {"007", 7},
        {"00000000000000000000000000001", 1},
        {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
        {"0009223372036854775807", std::numeric_limits<std::int64_t>::max()},
        {"9223372036854775808", std::nullopt},
        {"18446744073709551617", std::nullopt},
        {"99999999999999999999999999", std::nullopt},
        {"", std::nullopt},
        {"-1", std::nullopt},
        {"+1", std::nullopt},
        {" 1", std::nullopt},
        {"1 ", std::nullopt},
        {"1_0", std::nullopt},
        {"0x1", std::nullopt},
        {"1.0", std::nullopt},
        {"1e3", std::nullopt},
        {"\u0661", std::nullopt}, // a digit, but no ASCII one
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            auto const v = convert(segment_kind::integer, c.in);
            BOOST_TEST_REQUIRE(v.has_value() == c.out.has_value());
            if (v) BOOST_TEST(v->as<std::int64_t>() == *c.out);
        }
    }
}

BOOST_AUTO_TEST_CASE(float_takes_digits_dot_digits_within_a_double) {
    auto const long_fraction = "0." + std::string(400, '0') + "1";
    auto const beyond = "1" + std::string(309, '0') + ".0";
    auto const nearly = "1" + std::string(308, '0') + ".0";
    struct {
        std::string_view in;
        std::optional<double> out;
    } const cases[] = {
        {"1.0", 1.0},
        {"7.5", 7.5},
        {"0.0", 0.0},
        {"007.50", 7.5},
        {"0.1", 0.1},
        {"10000000000000000.0", 1e16},
        {nearly, 1e308},
        {long_fraction, 0.0},
        {beyond, std::nullopt},
        {"1", std::nullopt},
        {"1.", std::nullopt},
        {".5", std::nullopt},
        {".", std::nullopt},
        {"", std::nullopt},
        {"-1.0", std::nullopt},
        {"+1.0", std::nullopt},
        {"1.-0", std::nullopt},
        {"1.0e3", std::nullopt},
        {"1.0.0", std::nullopt},
        {"1,0", std::nullopt},
        {"nan", std::nullopt},
        {"inf", std::nullopt},
        {" 1.0", std::nullopt},
        {"1.0 ", std::nullopt},
        {"1.\u0661", std::nullopt},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            auto const v = convert(segment_kind::floating, c.in);
            BOOST_TEST_REQUIRE(v.has_value() == c.out.has_value());
            if (v) BOOST_TEST(v->as<double>() == *c.out);
        }
    }
}

BOOST_AUTO_TEST_CASE(texts_and_paths_are_not_empty_and_a_path_begins_with_no_slash) {
    struct {
        segment_kind kind;
        std::string_view in;
        bool fits;
    } const cases[] = {
        {segment_kind::text, "a", true}, {segment_kind::text, "..", true}, {segment_kind::text, "caf\u00E9", true},
        {segment_kind::text, "", false}, {segment_kind::path, "a", true},  {segment_kind::path, "a/b//c/", true},
        {segment_kind::path, "", false}, {segment_kind::path, "/", false}, {segment_kind::path, "/a", false},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            auto const v = convert(c.kind, c.in);
            BOOST_TEST_REQUIRE(v.has_value() == c.fits);
            if (v) BOOST_TEST(v->as<std::string_view>() == c.in);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
