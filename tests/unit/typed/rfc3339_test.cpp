// Dates and times of RFC 3339.
#include "phial/typed/rfc3339.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;

namespace {

// In the form in which it is written; empty: it is none.
std::string date_time(std::string_view text) {
    std::string out;
    if (auto const parsed = parse_date_time(text)) append_date_time(out, *parsed);
    return out;
}

std::string full_date(std::string_view text) {
    std::string out;
    if (auto const parsed = parse_full_date(text)) append_full_date(out, *parsed);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rfc_3339)

BOOST_AUTO_TEST_CASE(date_times) {
    struct {
        std::string_view text, read;
    } const cases[] = {
        {"1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520Z"}, // the examples of section 5.8
        {"1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57Z"},
        {"1990-12-31T23:59:60Z", "1991-01-01T00:00:00Z"},
        {"1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00Z"},
        {"1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.870Z"},
        {"2026-11-28t12:00:00z", "2026-11-28T12:00:00Z"},
        {"2026-11-28 12:00:00Z", "2026-11-28T12:00:00Z"},
        {"2026-11-28T12:00:00.1239Z", "2026-11-28T12:00:00.123Z"},
        {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
        {"0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"},
        {"0000-01-01T00:00:00+00:01", ""}, // before the year 0
        {"9999-12-31T23:59:60Z", ""},
        {"9999-12-31T23:59:59-00:01", ""},
        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
        {"2023-02-29T00:00:00Z", ""},
        {"2026-13-01T00:00:00Z", ""},
        {"2026-00-01T00:00:00Z", ""},
        {"2026-01-32T00:00:00Z", ""},
        {"2026-01-01T24:00:00Z", ""},
        {"2026-01-01T00:60:00Z", ""},
        {"2026-01-01T00:00:61Z", ""},
        {"2026-01-01T00:00:00", ""},
        {"2026-01-01T00:00:00.Z", ""},
        {"2026-01-01T00:00Z", ""},
        {"2026-01-01T00:00:00+1:00", ""},
        {"2026-01-01T00:00:00+01", ""},
        {"2026-01-01T00:00:00+24:00", ""},
        {"2026-01-01T00:00:00+00:60", ""},
        {"2026-01-01T00:00:00Zx", ""},
        {"2026-1-1T00:00:00Z", ""},
        {"+2026-01-01T00:00:00Z", ""},
        {"2026-01-01", ""},
        {"", ""},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.text) BOOST_TEST(date_time(c.text) == c.read);
}

BOOST_AUTO_TEST_CASE(full_dates) {
    for (auto const *right : {"2026-11-28", "2024-02-29", "0000-01-01", "9999-12-31"})
        BOOST_TEST(full_date(right) == right);
    for (auto const *wrong : {"2023-02-29", "2026-11-31", "2026-11-28T", "2026-11", "26-11-28", "2026/11/28", "", "x"})
        BOOST_TEST_CONTEXT(wrong) BOOST_TEST(full_date(wrong) == "");
}

BOOST_AUTO_TEST_SUITE_END()
