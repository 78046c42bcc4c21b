#include "phial/text/number.hpp"

#include <boost/test/unit_test.hpp>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(numbers)

std::string repr(double value) {
    std::string out;
    append_double(out, value);
    return out;
}

std::string fixed(double value) {
    std::string out;
    append_fixed(out, value);
    return out;
}

BOOST_AUTO_TEST_CASE(doubles_are_written_as_python_writes_them) {
    struct {
        double value;
        std::string_view text;
    } const cases[] = {
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {1.0, "1.0"},
        {-1.5, "-1.5"},
        {7.5, "7.5"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {100.0, "100.0"},
        {123.456, "123.456"},
        {0.001, "0.001"},
        {0.0001, "0.0001"},
        {0.00012345, "0.00012345"},
        {0.00001, "1e-05"},
        {0.000012345, "1.2345e-05"},
        {1e15, "1000000000000000.0"},
        {123456789012345.6, "123456789012345.6"},
        {9007199254740993.0, "9007199254740992.0"},
        {9999999999999998.0, "9999999999999998.0"},
        {1e16, "1e+16"},
        {12345678901234567890.0, "1.2345678901234567e+19"},
        {1e22, "1e+22"},
        {1e23, "1e+23"},
        {1e100, "1e+100"},
        {-1e-100, "-1e-100"},
        {5e-324, "5e-324"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {1.7976931348623157e+308, "1.7976931348623157e+308"},
        {std::numeric_limits<double>::infinity(), "inf"},
        {-std::numeric_limits<double>::infinity(), "-inf"},
        {std::numeric_limits<double>::quiet_NaN(), "nan"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) { BOOST_TEST(repr(c.value) == c.text); }
    }
}

BOOST_AUTO_TEST_CASE(a_short_decimal_is_printed_as_it_is_written) {
    struct {
        std::string_view decimal;
        bool so;
    } const cases[] = {
        {"1.25", true},
        {"0.0", true},
        {"-0.0", true},
        {"100.0", true},
        {"-12.5", true},
        {"0.0001", true},
        {"0.00010", false},
        {"0.00001", false},
        {"0.00", false},
        {"1.50", false},
        {"123456789.123456", true},   // 15 digits
        {"12345678.12345678", false}, // 16 digits
        {"99999999999999.0", true},
        {"1", false},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.decimal) {
            BOOST_TEST(is_printed_so(c.decimal) == c.so);
            if (c.so) BOOST_TEST(repr(*parse_double(c.decimal)) == c.decimal);
        }
    }
}

BOOST_AUTO_TEST_CASE(fixed_doubles_have_a_point_and_no_exponent) {
    struct {
        double value;
        std::string_view text;
    } const cases[] = {
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {1.0, "1.0"},
        {2.5, "2.5"},
        {0.1, "0.1"},
        {0.00001, "0.00001"},
        {1e16, "10000000000000000.0"},
        {-1e20, "-100000000000000000000.0"},
        {1.2345e-7, "0.00000012345"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) { BOOST_TEST(fixed(c.value) == c.text); }
    }
    BOOST_TEST(fixed(5e-324) == "0." + std::string(323, '0') + "5");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back_as_the_same_double) {
    for (double const value :
         {0.1, 1.0 / 3, 1e23, 5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1e16, 9.5e15,
          1.7976931348623157e+308, 123456789.123456789, 4.35, 8.41e21, 9007199254740993.0}) {
        BOOST_TEST_CONTEXT(value) {
            BOOST_TEST(parse_double(repr(value)).value() == value);
            BOOST_TEST(parse_double(fixed(value)).value() == value);
            BOOST_TEST(fixed(value).find('e') == std::string::npos);
            BOOST_TEST(fixed(value).find('.') != std::string::npos);
        }
    }
}

// Short decimals are written and read without a search; the library's functions are the judges.
BOOST_AUTO_TEST_CASE(short_decimals_and_their_neighbours_are_written_and_read_as_others_are) {
    std::size_t different = 0;
    auto const check = [&different](double value) {
        char text[40];
        auto const end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
        std::string expected(text, end);
        if (expected.find('.') == expected.npos) expected += ".0";
        bool const is_same =
            repr(value) == expected && parse_double(expected) == std::strtod(expected.c_str(), nullptr);
        different += is_same ? 0 : 1;
    };
    for (std::uint64_t n = 1; n < 100'000'000'000'000; n += n / 50 + 7) {
        for (double const scale : {1.0, 10.0, 1000.0, 8192.0}) {
            auto const value = static_cast<double>(n) / scale;
            if (value < 0.001) continue; // exponents begin below
            check(value);
            check(-value);
            check(std::nextafter(value, 1e300));
            check(std::nextafter(value, 0.001));
        }
    }
    BOOST_TEST(different == 0U);
}

BOOST_AUTO_TEST_CASE(numbers_are_appended) {
    std::string out = "[";
    append_integer(out, std::numeric_limits<std::int64_t>::min());
    out += ',';
    append_integer(out, std::numeric_limits<std::int64_t>::max());
    out += ',';
    append_integer(out, std::numeric_limits<std::uint64_t>::max());
    out += ',';
    append_integer(out, std::int64_t{0});
    out += ',';
    append_double(out, 1);
    out += ',';
    append_fixed(out, 1);
    BOOST_TEST(out == "[-9223372036854775808,9223372036854775807,18446744073709551615,0,1.0,1.0");
}

BOOST_AUTO_TEST_CASE(doubles_are_read_correctly_rounded) {
    struct {
        std::string_view text;
        double value;
    } const cases[] = {
        {"0", 0.0},
        {"1", 1.0},
        {"-1.5", -1.5},
        {"007.50", 7.5},
        {"1e3", 1000.0},
        {"1E+3", 1000.0},
        {"1e-3", 0.001},
        {"9007199254740993", 9007199254740992.0}, // half way between two: rounded to even
        {"9007199254740993.0000000000000000001", 9007199254740994.0},
        {"1.7976931348623157e308", std::numeric_limits<double>::max()},
        {"1.7976931348623158e308", std::numeric_limits<double>::max()},
        {"5e-324", std::numeric_limits<double>::denorm_min()},
        {"2.5e-324", std::numeric_limits<double>::denorm_min()}, // more than half of it
        {"2.4e-324", 0.0},
        {"1e-400", 0.0},
        {"0.0000001e-99999", 0.0},
        {"0e999", 0.0},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const value = parse_double(c.text);
            BOOST_REQUIRE(value.has_value());
            BOOST_TEST(*value == c.value);
        }
    }
    BOOST_TEST(std::signbit(parse_double("-0.0").value()));
    BOOST_TEST(std::signbit(parse_double("-1e-400").value()));
}

BOOST_AUTO_TEST_CASE(long_numbers_are_read_to_their_last_digit) {
    BOOST_TEST(parse_double("0." + std::string(400, '0') + "1").value() == 0.0);
    BOOST_TEST(parse_double("0." + std::string(299, '0') + "1").value() == 1e-300);
    BOOST_TEST(parse_double("1" + std::string(300, '0') + ".0").value() == 1e300);
    BOOST_TEST(!parse_double("1" + std::string(309, '0') + ".0").has_value());
}

BOOST_AUTO_TEST_CASE(a_number_outside_a_double_is_nothing) {
    for (std::string_view const s : {"1e309", "-1e309", "1.7976931348623159e308", "1e99999", "9999e305"}) {
        BOOST_TEST_CONTEXT(s) { BOOST_TEST(!parse_double(s).has_value()); }
    }
}

BOOST_AUTO_TEST_CASE(digits_are_a_number_that_fits_64_bits) {
    struct {
        std::string_view text;
        std::optional<std::int64_t> value;
    } const cases[] = {
        {"0", 0},
        {"7", 7},
        {"007", 7},
        {"000000000000000000000000000000", 0},
        {"000000000000000000000000000012", 12},
        {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
        {"9223372036854775808", std::nullopt},
        {"18446744073709551617", std::nullopt},
        {"99999999999999999999999", std::nullopt},
        {"", std::nullopt},
        {"-1", std::nullopt},
        {"-0", std::nullopt},
        {"+1", std::nullopt},
        {" 1", std::nullopt},
        {"1 ", std::nullopt},
        {"1a", std::nullopt},
        {"0x1", std::nullopt},
        {"1.0", std::nullopt},
        {"1e3", std::nullopt},
        {"\xD9\xA1", std::nullopt}, // a digit, but not an ASCII one
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const value = parse_digits(c.text);
            BOOST_REQUIRE(value.has_value() == c.value.has_value());
            if (value) BOOST_TEST(*value == *c.value);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
