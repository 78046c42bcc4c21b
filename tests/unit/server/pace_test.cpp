// Least speeds.
#include "phial/server/pace.hpp"

#include <boost/test/unit_test.hpp>

using namespace phial;

namespace {

// The second in which it is too slow, when so much moves in each second; 0: not within 1,000.
unsigned cut_off(pace p, std::uint64_t each_second) {
    for (unsigned second = 1; second <= 1000; ++second) {
        p.moved(each_second);
        if (p.too_slow()) return second;
    }
    return 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pace_)

BOOST_AUTO_TEST_CASE(the_rate_holds_after_the_grace_and_a_second_that_was_hardly_one) {
    BOOST_TEST(cut_off(pace(240, 5, 30), 0) == 7U);
    BOOST_TEST(cut_off(pace(240, 0, 30), 0) == 2U);
    BOOST_TEST(cut_off(pace(240, 5, 30), 200) == 7U);
    BOOST_TEST(cut_off(pace(240, 5, 30), 240) == 0U);
    BOOST_TEST(cut_off(pace(240, 5, 30), 1'000'000) == 0U);
    BOOST_TEST(cut_off(pace(0, 0, 0), 0) == 0U); // no rate, no bound
}

BOOST_AUTO_TEST_CASE(what_comes_late_within_the_grace_is_made_up_for) {
    pace p(240, 5, 30);
    for (int second = 0; second < 6; ++second) BOOST_TEST(!p.too_slow());
    p.moved(2400);
    for (int second = 0; second < 5; ++second) BOOST_TEST(!p.too_slow());
    BOOST_TEST(p.too_slow());
}

BOOST_AUTO_TEST_CASE(a_fast_beginning_is_a_lead_but_not_for_ever) {
    pace p(240, 5, 30);
    p.moved(1'000'000'000);
    unsigned seconds = 0;
    while (!p.too_slow()) ++seconds;
    BOOST_TEST(seconds == 32U); // the first second's rate, 30 of lead, and the one that was hardly one
}

BOOST_AUTO_TEST_SUITE_END()
