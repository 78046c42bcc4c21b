// When a transfer lets others run.
#include "phial/server/loop_share.hpp"

#include <boost/test/unit_test.hpp>

using namespace phial;

BOOST_AUTO_TEST_SUITE(loop_shares)

BOOST_AUTO_TEST_CASE(a_turn_is_used_up_by_what_was_moved_since_others_ran) {
    loop_share share;
    share.moved(loop_share::long_turn - 1);
    BOOST_TEST(!share.has_used_up(loop_share::long_turn));
    share.moved(1);
    BOOST_TEST(share.has_used_up(loop_share::long_turn));
    share.shared();
    BOOST_TEST(!share.has_used_up(1));
    share.moved(loop_share::long_turn);
    share.waited();
    BOOST_TEST(!share.has_used_up(1));
}

BOOST_AUTO_TEST_CASE(a_fast_body_has_short_turns_while_others_wait) {
    loop_share share;
    BOOST_TEST(share.turn(true) == loop_share::long_turn);
    share.moved(loop_share::fast);
    share.shared();
    BOOST_TEST(share.turn(true) == loop_share::short_turn);
    BOOST_TEST(share.turn(false) == loop_share::long_turn);
    share.waited(); // it came no faster than it was read
    BOOST_TEST(share.turn(true) == loop_share::long_turn);
}

// Otherwise one client could keep the loop by many small bodies, sent as fast as they are read.
BOOST_AUTO_TEST_CASE(another_body_is_not_fast_yet_but_the_turn_goes_on) {
    loop_share share;
    share.moved(loop_share::long_turn);
    share.begin_body();
    BOOST_TEST(share.turn(true) == loop_share::long_turn);
    BOOST_TEST(share.has_used_up(loop_share::long_turn));
}

BOOST_AUTO_TEST_SUITE_END()
