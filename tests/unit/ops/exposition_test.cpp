// The text format of metrics.
#include "phial/ops/exposition.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <string>

using namespace phial;

BOOST_AUTO_TEST_SUITE(expositions)

BOOST_AUTO_TEST_CASE(a_family_has_its_help_its_type_and_its_samples) {
    exposition out;
    out.family("uploads_total", "counter", "Files uploaded.");
    out.sample({{"result", "written"}, {"kind", "a"}}, std::uint64_t{7});
    out.sample({}, std::uint64_t{18446744073709551615U});
    out.family("lag_seconds", "gauge", "How late.");
    out.sample({}, 0.00025);
    BOOST_TEST(out.text() == "# HELP uploads_total Files uploaded.\n# TYPE uploads_total counter\n"
                             "uploads_total{result=\"written\",kind=\"a\"} 7\n"
                             "uploads_total 18446744073709551615\n"
                             "# HELP lag_seconds How late.\n# TYPE lag_seconds gauge\nlag_seconds 0.00025\n");
}

BOOST_AUTO_TEST_CASE(label_values_are_escaped) {
    exposition out;
    out.family("x", "gauge", "X.");
    out.sample({{"route", "/a\"b\\c\nd/<id>"}}, std::uint64_t{1});
    BOOST_TEST(out.text().ends_with("x{route=\"/a\\\"b\\\\c\\nd/<id>\"} 1\n"));
}

BOOST_AUTO_TEST_CASE(a_histogram_is_cumulative_and_ends_with_infinity) {
    exposition out;
    out.family("took_seconds", "histogram", "How long.");
    std::array<double, 2> const bounds{.005, 10};
    std::array<std::uint64_t, 3> const counts{3, 0, 2};
    out.histogram({{"m", "GET"}}, bounds, counts, 21.5);
    BOOST_TEST(out.text().ends_with("took_seconds_bucket{m=\"GET\",le=\"0.005\"} 3\n"
                                    "took_seconds_bucket{m=\"GET\",le=\"10\"} 3\n"
                                    "took_seconds_bucket{m=\"GET\",le=\"+Inf\"} 5\n"
                                    "took_seconds_sum{m=\"GET\"} 21.5\n"
                                    "took_seconds_count{m=\"GET\"} 5\n"));
}

BOOST_AUTO_TEST_SUITE_END()
