// Dates in header fields (RFC 9110 5.6.7).
#include "phial/http/http_date.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string_view>

using namespace phial;
using std::chrono::sys_seconds;

namespace {

// Seconds since 1970; -1 for nothing.
long long seconds_of(std::string_view text) {
    auto const date = parse_http_date(text);
    return date ? static_cast<long long>(date->time_since_epoch().count()) : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_dates)

BOOST_AUTO_TEST_CASE(all_three_forms_are_read) {
    struct {
        std::string_view text;
        long long seconds;
    } const cases[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777}, // the examples of the RFC
        {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777}, {"Sun Nov  6 08:49:37 1994", 784111777},
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0},          {"Sat, 29 Feb 2020 23:59:59 GMT", 1583020799},
        {"Sat Feb 29 23:59:59 2020", 1583020799},      {"Tue, 30 Jun 2015 23:59:60 GMT", 1435708800}, // a leap second
        {"Mon, 06 Nov 1994 08:49:37 GMT", 784111777},                                                 // it was a Sunday
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.text) BOOST_TEST(seconds_of(c.text) == c.seconds);
}

BOOST_AUTO_TEST_CASE(a_year_of_two_digits_is_at_most_fifty_years_ahead) {
    auto const now =
        std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
    for (int ahead : {-49, 0, 50}) {
        auto const year = static_cast<int>(now.year()) + ahead;
        auto const digits = std::to_string(100 + year % 100).substr(1);
        auto const wanted = sys_seconds(std::chrono::sys_days(std::chrono::year(year) / 3 / 1));
        BOOST_TEST_CONTEXT(year)
        BOOST_TEST(seconds_of("Monday, 01-Mar-" + digits + " 00:00:00 GMT") == wanted.time_since_epoch().count());
    }
}

BOOST_AUTO_TEST_CASE(nothing_else_is_a_date) {
    for (std::string_view const text : {
             "",
             "0",
             "-1",
             "now",
             "1994-11-06T08:49:37Z",
             "sun, 06 Nov 1994 08:49:37 GMT", // names are case-sensitive
             "Sun, 06 nov 1994 08:49:37 GMT",
             "Sun, 6 Nov 1994 08:49:37 GMT",
             "Sun, 06 Nov 94 08:49:37 GMT",
             "Sun, 06 Nov 1994 08:49:37 UTC",
             "Sun, 06 Nov 1994 08:49:37 +0000",
             "Sun, 06 Nov 1994 08:49:37",
             "Sun, 06 Nov 1994 08:49:37 GMT ",
             "Sun,  06 Nov 1994 08:49:37 GMT",
             "Sun, 06 Nov 1994 24:00:00 GMT",
             "Sun, 06 Nov 1994 08:60:37 GMT",
             "Sun, 06 Nov 1994 08:49:61 GMT",
             "Sun, 31 Feb 1994 08:49:37 GMT",
             "Sat, 29 Feb 2021 08:49:37 GMT",
             "Sun, 00 Nov 1994 08:49:37 GMT",
             "Sunday, 06-Nov-1994 08:49:37 GMT",
             "Sunday, 06 Nov 94 08:49:37 GMT",
             "Sun Nov 06 08:49:37 94",
             "Sun Nov 6 08:49:37 1994",
             "Sun Nov  6 08:49:37 1994 GMT",
             "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
         })
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!parse_http_date(text).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_written_is_the_first_form) {
    BOOST_TEST(http_date(sys_seconds(std::chrono::seconds(784111777))) == "Sun, 06 Nov 1994 08:49:37 GMT");
    BOOST_TEST(http_date(sys_seconds(std::chrono::seconds(0))) == "Thu, 01 Jan 1970 00:00:00 GMT");
    BOOST_TEST(http_date(sys_seconds(std::chrono::seconds(-1))) == "Wed, 31 Dec 1969 23:59:59 GMT");
}

BOOST_AUTO_TEST_SUITE_END()
