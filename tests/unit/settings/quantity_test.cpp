// Numbers with units.
#include "phial/settings/quantity.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(quantities)

BOOST_AUTO_TEST_CASE(a_number_may_have_a_suffix_of_its_unit) {
    struct {
        std::string_view text;
        unit in;
        std::optional<std::uint64_t> value;
    } const cases[] = {
        {"0", unit::count, 0},
        {"18446744073709551615", unit::count, UINT64_MAX},
        {"1000", unit::bytes, 1000},
        {"2KiB", unit::bytes, 2048},
        {"3MiB", unit::bytes, 3 << 20},
        {"5GiB", unit::bytes, 5ULL << 30},
        {"17179869183GiB", unit::bytes, 17179869183ULL << 30},
        {"5", unit::seconds, 5},
        {"5s", unit::seconds, 5},
        {"", unit::bytes, {}},
        {"KiB", unit::bytes, {}},
        {"1kib", unit::bytes, {}},
        {"1KB", unit::bytes, {}},
        {"1 KiB", unit::bytes, {}},
        {"1.5KiB", unit::bytes, {}},
        {"1KiBs", unit::bytes, {}},
        {"-1", unit::count, {}},
        {"+1", unit::count, {}},
        {"0x10", unit::count, {}},
        {"1s", unit::count, {}},
        {"5s", unit::bytes, {}},
        {"5KiB", unit::seconds, {}},
        {"5m", unit::seconds, {}},
        {"99999999999999999999", unit::count, {}},
        {"18014398509481984KiB", unit::bytes, {}},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.text) BOOST_TEST((parse_quantity(c.text, c.in) == c.value));
}

BOOST_AUTO_TEST_CASE(a_number_is_written_in_the_largest_unit_that_fits_and_read_back) {
    struct {
        std::uint64_t value;
        unit in;
        std::string_view text;
    } const cases[] = {
        {0, unit::bytes, "0"},          {1000, unit::bytes, "1000"},          {32 * kib, unit::bytes, "32KiB"},
        {3 * mib, unit::bytes, "3MiB"}, {1024 * gib, unit::bytes, "1024GiB"}, {1025, unit::bytes, "1025"},
        {1024, unit::count, "1024"},    {60, unit::seconds, "60s"},           {0, unit::seconds, "0s"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            BOOST_TEST(quantity_text(c.value, c.in) == c.text);
            BOOST_TEST((parse_quantity(c.text, c.in) == c.value));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
