// How a connection ends.
#include "phial/server/ending.hpp"

#include <boost/test/unit_test.hpp>

using namespace phial;

BOOST_AUTO_TEST_SUITE(endings)

BOOST_AUTO_TEST_CASE(the_strongest_way_that_was_required_counts) {
    for (auto const first : {ending::none, ending::close, ending::linger, ending::broken}) {
        for (auto const second : {ending::none, ending::close, ending::linger, ending::broken}) {
            ending e;
            BOOST_TEST((e == ending::none));
            e.require(first);
            e.require(second);
            BOOST_TEST((e == (first < second ? second : first)));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_still_sends_is_waited_for_only_if_the_connection_would_be_closed) {
    struct {
        ending::way before, after;
    } const cases[] = {{ending::none, ending::none},
                       {ending::close, ending::linger},
                       {ending::linger, ending::linger},
                       {ending::broken, ending::broken}};
    for (auto const &c : cases) {
        ending e;
        e.require(c.before);
        e.expect_bytes();
        BOOST_TEST((e == c.after), c.before);
    }
}

BOOST_AUTO_TEST_SUITE_END()
