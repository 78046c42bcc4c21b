// Password checks, counted.
#include "auth/counted_users.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

using namespace phial;
using namespace phial::testing;

BOOST_AUTO_TEST_CASE(checks_are_counted_and_their_results_passed_on) {
    demo_users const demo;
    counted_users const known(demo);
    BOOST_TEST(run(known.check("admin", "secret")));
    BOOST_TEST(!run(known.check("admin", "wrong")));
    BOOST_TEST(!run(known.check("nobody", "secret")));
    BOOST_TEST(known.right() == 1U);
    BOOST_TEST(known.wrong() == 2U);
}
