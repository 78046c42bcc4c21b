#include "phial/auth/login_turns.hpp"

#include "phial/http/http_error.hpp"
#include "support/support.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::chrono_literals;

namespace {

client_network network(std::string_view address) { return client_network(boost::asio::ip::make_address(address)); }

// Waiting checks, all on one loop. Each is noted when its turn comes, and holds its turn until next().
struct scene {
    explicit scene(turn_limits limits) : line(limits) {}

    void come(std::string name, std::string const &from, std::string user, bool has_failed = false) {
        boost::asio::co_spawn(on.get_executor(), wait(*this, std::move(name), network(from), user, has_failed),
                              boost::asio::detached);
        turn_loop();
    }

    // Ends the oldest turn.
    void next(bool failed = false) {
        if (failed) turns.front().failed();
        turns.pop_front();
        turn_loop();
    }

    void turn_loop() {
        on.restart();
        on.poll();
    }

    // Ends all turns, one after the other.
    std::vector<std::string> play() {
        while (!turns.empty()) next();
        return order;
    }

    login_turns line;
    boost::asio::io_context on{1};
    std::vector<std::string> order; // of turns
    std::vector<std::string> sent_away;
    std::deque<login_turns::turn> turns;

  private:
    static task<> wait(scene &s, std::string name, client_network from, std::string user, bool has_failed) {
        try {
            auto turn = co_await s.line.wait(from, user, has_failed);
            s.order.push_back(name);
            s.turns.push_back(std::move(turn));
        } catch (http_error const &e) {
            s.sent_away.push_back(name + " " + std::to_string(e.status()));
            BOOST_TEST(e.headers().at(0).first == "Retry-After");
        }
    }
};

task<> take_turn(login_turns const &line, client_network who, std::optional<login_turns::turn> &into) {
    into.emplace(co_await line.wait(who, "alice", false));
}

using names = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(taking_turns)

BOOST_AUTO_TEST_CASE(a_client_has_one_turn_at_a_time_and_keeps_its_order) {
    scene s({.at_once = 4});
    for (auto const *name : {"1", "2", "3"}) s.come(name, "192.0.2.1", name);
    BOOST_TEST((s.order == names{"1"}));
    s.come("other", "192.0.2.2", "1");
    BOOST_TEST((s.order == names{"1", "other"}));
    BOOST_TEST(s.line.waiting() == 2U);
    BOOST_TEST((s.play() == names{"1", "other", "2", "3"}));
    BOOST_TEST(s.line.waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(an_ipv6_network_of_64_bits_is_one_client) {
    scene s({.at_once = 2});
    s.come("a", "2001:db8::1", "alice");
    s.come("b", "2001:db8::2", "bob");
    s.come("c", "2001:db8:0:1::1", "carol");
    BOOST_TEST((s.order == names{"a", "c"}));
}

BOOST_AUTO_TEST_CASE(clients_take_turns_however_much_one_sends) {
    scene s({});
    for (int i = 0; i < 20; ++i) s.come("x", "192.0.2.1", "alice");
    s.come("alice", "192.0.2.2", "alice");
    s.next();
    s.next();
    // After the turn under way, and at most one of the other client.
    BOOST_TEST((names(s.order.end() - 2, s.order.end()) == names{"x", "alice"} || s.order.back() == "alice" ||
                s.order.at(1) == "alice"));
    BOOST_TEST(s.play().size() == 21U);
}

BOOST_AUTO_TEST_CASE(many_clients_that_guess_for_one_user_do_not_delay_another_user) {
    scene s({});
    for (int i = 1; i <= 100; ++i) s.come("x", "192.0.2." + std::to_string(i), "alice");
    s.come("bob", "198.51.100.1", "bob");
    s.next();
    s.next();
    BOOST_TEST(s.order.size() == 3U);
    BOOST_TEST((s.order.at(1) == "bob" || s.order.at(2) == "bob"));
    BOOST_TEST(s.play().size() == 101U);
}

BOOST_AUTO_TEST_CASE(one_client_that_tries_many_names_does_not_delay_others) {
    scene s({});
    for (int i = 0; i < 60; ++i) s.come("x", "192.0.2.1", "user" + std::to_string(i));
    s.come("bob", "198.51.100.1", "bob");
    s.next();
    s.next();
    BOOST_TEST((s.order.at(1) == "bob" || s.order.at(2) == "bob"));
    BOOST_TEST(s.play().size() == 61U);
}

BOOST_AUTO_TEST_CASE(clients_whose_logins_fail_come_after_the_others_and_are_not_forgotten) {
    scene s({});
    s.come("first", "198.51.100.1", "alice");
    for (int i = 1; i <= 50; ++i) s.come("x", "192.0.2." + std::to_string(i), "alice", true);
    s.come("alice", "198.51.100.2", "alice");
    s.next();
    BOOST_TEST(s.order.back() == "alice");
    // New clients come all the time; those that failed get their turns nevertheless.
    bool had_turn = false;
    for (int i = 0; i < 300 && !had_turn; ++i) {
        s.come("new", "10.0." + std::to_string(i / 200) + "." + std::to_string(i % 200), "alice");
        s.next();
        had_turn = s.order.back() == "x";
    }
    BOOST_TEST(had_turn);
    s.play();
}

BOOST_AUTO_TEST_CASE(after_a_failure_the_waiting_checks_of_that_client_come_later) {
    scene s({});
    s.come("x1", "192.0.2.1", "alice");
    s.come("x2", "192.0.2.1", "alice");
    s.next(true);
    BOOST_TEST((s.order == names{"x1", "x2"})); // there are no other clients
    s.come("x3", "192.0.2.1", "alice");
    s.come("y1", "192.0.2.2", "alice");
    s.come("y2", "192.0.2.2", "alice");
    s.next(true);
    BOOST_TEST((s.play() == names{"x1", "x2", "y1", "y2", "x3"}));
}

BOOST_AUTO_TEST_CASE(a_client_with_too_many_checks_is_rejected_with_429_and_others_are_not) {
    scene s({.of_one_client = 3});
    for (int i = 0; i < 6; ++i) s.come(std::to_string(i), "192.0.2.1", "alice");
    BOOST_TEST((s.sent_away == names{"4 429", "5 429"}));
    s.come("other", "192.0.2.2", "alice");
    BOOST_TEST(s.sent_away.size() == 2U);
    s.play();
    s.come("again", "192.0.2.1", "alice");
    BOOST_TEST(s.order.back() == "again");
}

BOOST_AUTO_TEST_CASE(when_the_queue_is_full_the_newest_check_of_the_client_with_most_is_rejected) {
    scene s({.waiting = 4});
    for (int i = 0; i < 5; ++i) s.come(std::to_string(i), "192.0.2.1", "alice");
    s.come("other", "192.0.2.2", "alice");
    BOOST_TEST((s.sent_away == names{"4 503"}));
    s.come("third", "192.0.2.3", "alice");
    BOOST_TEST((s.sent_away == names{"4 503", "3 503"}));
    s.come("more", "192.0.2.1", "alice"); // this client has the most checks itself
    BOOST_TEST(s.sent_away.back() == "more 503");
    BOOST_TEST(s.line.waiting() == 4U);
    BOOST_TEST(s.play().size() == 5U);
}

BOOST_AUTO_TEST_CASE(with_as_many_clients_as_places_one_that_failed_makes_room_for_one_that_did_not) {
    scene s({.waiting = 2});
    s.come("0", "192.0.2.10", "alice");
    s.come("1", "192.0.2.11", "alice", true);
    s.come("2", "192.0.2.12", "alice");
    s.come("3", "192.0.2.13", "alice");
    BOOST_TEST((s.sent_away == names{"1 503"}));
    s.come("4", "192.0.2.14", "alice"); // no client has failed
    BOOST_TEST((s.sent_away == names{"1 503", "4 503"}));
    s.play();
}

BOOST_AUTO_TEST_CASE(a_check_that_waited_too_long_is_rejected_and_leaves_the_queue) {
    scene s({.longest_wait = 1ms});
    s.come("0", "192.0.2.1", "alice");
    s.come("1", "192.0.2.1", "alice");
    s.on.restart();
    s.on.run(); // until the wait is over
    BOOST_TEST((s.sent_away == names{"1 503"}));
    BOOST_TEST(s.line.waiting() == 0U);
    BOOST_TEST((s.play() == names{"0"}));
}

BOOST_AUTO_TEST_CASE(a_cancelled_request_leaves_the_line_at_once) {
    login_turns line({});
    boost::asio::io_context on{1};
    auto const who = network("192.0.2.1");
    std::optional<login_turns::turn> first;
    std::optional<login_turns::turn> second;
    run(on, take_turn(line, who, first));
    boost::asio::cancellation_signal cancel;
    std::exception_ptr failure;
    boost::asio::co_spawn(
        on.get_executor(), take_turn(line, who, second),
        boost::asio::bind_cancellation_slot(cancel.slot(), [&failure](std::exception_ptr e) { failure = e; }));
    on.poll();
    BOOST_TEST(line.waiting() == 1U);
    cancel.emit(boost::asio::cancellation_type::terminal);
    on.restart();
    on.run();
    BOOST_TEST(line.waiting() == 0U);
    BOOST_CHECK_THROW(std::rethrow_exception(failure), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(close_rejects_all) {
    scene s({});
    s.come("0", "192.0.2.1", "alice");
    s.come("1", "192.0.2.2", "alice");
    s.line.close();
    s.turn_loop();
    s.come("2", "192.0.2.3", "alice");
    BOOST_TEST((s.sent_away == names{"1 503", "2 503"}));
    BOOST_TEST((s.play() == names{"0"}));
}

BOOST_AUTO_TEST_SUITE_END()
