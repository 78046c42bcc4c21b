// How long a connection waits for what, with a made-up clock.
#include "phial/server/patience.hpp"

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <ostream>

namespace phial {

std::ostream &operator<<(std::ostream &out, patience::due d) { return out << static_cast<int>(d); }
std::ostream &operator<<(std::ostream &out, patience::wait w) { return out << static_cast<int>(w); }

} // namespace phial

using namespace phial;

namespace {

using due = patience::due;
using wait = patience::wait;
using client = patience::client;

constexpr unsigned handler_seconds = 30;

// A connection that waits for one thing, at second 100.
patience that_waits(wait w, unsigned deadline) {
    patience p;
    if (w != wait::first_request) p.end_head(); // of an earlier request
    switch (w) {
    case wait::first_request:
    case wait::request_at_rest: p.wait_for_request(deadline); break;
    case wait::request:
        p.wait_for_request(deadline);
        p.wait_for_request(deadline);
        break;
    case wait::head: p.wait_for_head(deadline); break;
    case wait::silence: p.wait_for_silence(deadline); break;
    default: (void)p.change_to(w);
    }
    BOOST_TEST(p.waits_for() == w);
    return p;
}

constexpr std::initializer_list<wait> all = {
    wait::none, wait::first_request, wait::request, wait::request_at_rest, wait::head,
    wait::body, wait::reader,        wait::handler, wait::silence,         wait::cancelled_handler};

} // namespace

BOOST_AUTO_TEST_SUITE(patience_)

BOOST_AUTO_TEST_CASE(it_is_known_what_is_idle_rests_or_is_work) {
    struct {
        wait w;
        bool idle, rests, works;
    } const cases[] = {
        {wait::none, false, false, false},    {wait::first_request, true, true, false},
        {wait::request, true, false, false},  {wait::request_at_rest, true, true, false},
        {wait::head, false, false, false},    {wait::body, false, false, false},
        {wait::reader, false, false, false},  {wait::handler, false, false, true},
        {wait::silence, false, false, false}, {wait::cancelled_handler, false, false, true},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.w) {
            auto const p = that_waits(c.w, 100);
            BOOST_TEST(p.is_idle() == c.idle);
            BOOST_TEST(p.rests() == c.rests);
            BOOST_TEST(p.works() == c.works);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_wait_with_a_deadline_ends_in_the_second_after_it_and_once) {
    for (auto const w : {wait::first_request, wait::request, wait::request_at_rest, wait::head, wait::silence}) {
        BOOST_TEST_CONTEXT(w) {
            BOOST_TEST(that_waits(w, 100).tick(101, 0, {}) == due::end);
            auto p = that_waits(w, 100);
            BOOST_TEST(p.tick(100, 0, {}) != due::end);
            BOOST_TEST(!p.has_run_out());
            BOOST_TEST(p.tick(101, 0, {}) == due::end);
            BOOST_TEST(!p.rests());
            BOOST_TEST(p.tick(102, 0, {}) == due::nothing);
            BOOST_TEST(p.has_run_out());
            BOOST_TEST(!p.has_run_out());
        }
    }
}

BOOST_AUTO_TEST_CASE(nothing_else_has_a_deadline) {
    for (auto const w : {wait::none, wait::body, wait::reader, wait::cancelled_handler}) {
        BOOST_TEST_CONTEXT(w) {
            auto p = that_waits(wait::request, 100);
            (void)p.change_to(w);
            BOOST_TEST(p.tick(10'000, 0, {}) == due::nothing);
            BOOST_TEST(p.waits_for() == w);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_sends_rarely_is_waited_for_without_a_coroutine) {
    patience p;
    for (int i = 0; i < 3; ++i) { // nothing has come, however often it was looked
        p.wait_for_request(60);
        BOOST_TEST(p.waits_for() == wait::first_request);
    }
    p.end_head();
    p.wait_for_request(60); // after the first request at once
    BOOST_TEST(p.rests());
    p.wait_for_request(60); // it has sent another one, so it may again
    BOOST_TEST(!p.rests());
    BOOST_TEST(p.tick(1, 0, {}) == due::rest);
    BOOST_TEST(p.rests());
    BOOST_TEST(p.tick(2, 0, {}) == due::nothing);
    BOOST_TEST(p.tick(61, 0, {}) == due::end);
}

BOOST_AUTO_TEST_CASE(a_head_that_comes_in_pieces_has_one_deadline) {
    patience p;
    p.wait_for_request(60);
    p.wait_for_head(10);
    (void)p.change_to(wait::none); // a piece came
    p.wait_for_head(15);
    BOOST_TEST(p.tick(10, 0, {}) == due::nothing);
    BOOST_TEST(p.tick(11, 0, {}) == due::end);

    p.wait_for_head(20); // its time was over: still the same head
    BOOST_TEST(p.tick(12, 0, {}) == due::end);
    p.end_head();
    p.wait_for_head(30); // the next one, which has begun already
    BOOST_TEST(p.tick(20, 0, {}) == due::nothing);
    p.wait_for_request(90);
    p.wait_for_head(40);
    BOOST_TEST(p.tick(40, 0, {}) == due::nothing);
    BOOST_TEST(p.tick(41, 0, {}) == due::end);
}

BOOST_AUTO_TEST_CASE(a_client_that_stays_silent_for_a_while_has_its_whole_time_again_when_it_has_sent_more) {
    patience p;
    p.wait_for_silence(5);
    BOOST_TEST(p.tick(5, 0, {}) == due::nothing);
    p.wait_for_silence(10);
    BOOST_TEST(p.tick(6, 0, {}) == due::nothing);
    BOOST_TEST(p.tick(11, 0, {}) == due::end);
}

BOOST_AUTO_TEST_CASE(a_client_that_is_too_slow_with_a_body_or_a_response_is_cut_off) {
    for (auto const w : all) {
        BOOST_TEST_CONTEXT(w) {
            auto p = that_waits(w, 100);
            bool const counts = w == wait::body || w == wait::reader;
            BOOST_TEST((p.tick(50, handler_seconds, {.too_slow = true}) == due::end) == counts);
            BOOST_TEST(p.has_run_out() == counts);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_handler_is_cancelled_in_the_second_after_its_last_and_once) {
    patience p;
    (void)p.change_to(wait::handler);
    p.restart_handler();
    for (unsigned s = 1; s <= handler_seconds; ++s) BOOST_TEST(p.tick(s, handler_seconds, {}) == due::write);
    BOOST_TEST(p.tick(31, handler_seconds, {}) == due::end_slow_handler);
    BOOST_TEST(p.works()); // until it has ended
    BOOST_TEST(!p.has_run_out());
    BOOST_TEST(p.tick(32, handler_seconds, {.state = client::gone}) == due::nothing);
}

BOOST_AUTO_TEST_CASE(the_time_of_a_handler_is_its_own) {
    patience p;
    (void)p.change_to(wait::handler);
    p.restart_handler();
    BOOST_TEST(p.tick(1, 2, {}) == due::write);
    auto const before = p.change_to(wait::body); // it waits for the client
    for (unsigned s = 2; s < 10; ++s) BOOST_TEST(p.tick(s, 2, {}) == due::nothing);
    (void)p.change_to(before);
    BOOST_TEST(p.tick(10, 2, {}) == due::write);
    p.prolong_handler(); // it has read something
    BOOST_TEST(p.tick(11, 2, {}) == due::write);
    BOOST_TEST(p.tick(12, 2, {}) == due::write);
    BOOST_TEST(p.tick(13, 2, {}) == due::end_slow_handler);

    (void)p.change_to(wait::handler); // of the next request
    p.restart_handler();
    BOOST_TEST(p.tick(14, 2, {}) == due::write);
    BOOST_TEST(p.tick(15, 2, {}) == due::write);
}

BOOST_AUTO_TEST_CASE(a_handler_whose_client_has_gone_is_cancelled) {
    constexpr auto present = client::present;
    constexpr auto half = client::half_closed;
    constexpr auto gone = client::gone;
    struct {
        std::initializer_list<client> seconds;
        bool cancelled; // in the last of them
    } const cases[] = {
        {{gone}, true},       {{present, gone}, true},        {{present, present, present}, false},
        {{half}, false}, // it may still read
        {{half, half}, true}, {{half, present, half}, false}, {{half, present, half, half}, true},
        {{half, gone}, true},
    };
    for (auto const &c : cases) {
        patience p;
        (void)p.change_to(wait::handler);
        p.restart_handler();
        unsigned now = 0;
        due last = due::nothing;
        for (auto const state : c.seconds) {
            BOOST_TEST((now == 0 || last == due::write));
            last = p.tick(++now, handler_seconds, {.state = state});
        }
        BOOST_TEST(last == (c.cancelled ? due::end_for_no_client : due::write));
        BOOST_TEST((p.waits_for() == wait::cancelled_handler) == c.cancelled);
    }
}

BOOST_AUTO_TEST_CASE(the_seconds_of_one_half_closed_client_do_not_count_for_the_next_request) {
    patience p;
    (void)p.change_to(wait::handler);
    p.restart_handler();
    BOOST_TEST(p.tick(1, handler_seconds, {.state = client::half_closed}) == due::write);
    p.restart_handler();
    BOOST_TEST(p.tick(2, handler_seconds, {.state = client::half_closed}) == due::write);
}

BOOST_AUTO_TEST_CASE(when_the_server_stops_what_is_idle_is_closed_and_a_new_connection_a_moment_later) {
    for (auto const w : all) {
        BOOST_TEST_CONTEXT(w) {
            auto p = that_waits(w, 100);
            bool const closed = w == wait::request || w == wait::request_at_rest;
            BOOST_TEST((p.drain(50) == due::last_read) == closed);
            BOOST_TEST(!p.has_run_out());
            if (closed) {
                BOOST_TEST(p.tick(51, handler_seconds, {}) == due::nothing); // it does not rest again
                BOOST_TEST(!p.rests());
            } else {
                BOOST_TEST(p.waits_for() == w);
            }
        }
    }
    auto p = that_waits(wait::first_request, 100);
    BOOST_TEST(p.drain(50) == due::nothing);
    BOOST_TEST(p.tick(51, 0, {}) == due::nothing);
    BOOST_TEST(p.tick(52, 0, {}) == due::end);
}

BOOST_AUTO_TEST_CASE(when_the_time_for_draining_is_over_everything_ends) {
    for (auto const w : all) {
        BOOST_TEST_CONTEXT(w) {
            auto p = that_waits(w, 100);
            bool const ends_itself = w == wait::none || w == wait::cancelled_handler;
            auto const expected = ends_itself ? due::nothing : w == wait::handler ? due::end_unfinished : due::end;
            BOOST_TEST(p.give_up() == expected);
            BOOST_TEST(p.has_run_out() == (expected == due::end));
            BOOST_TEST(p.give_up() == due::nothing);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
