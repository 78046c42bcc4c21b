// Checks of passwords: what runs on which pool, and how many may wait.
#include "unit/auth/known_users.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(users_of_htpasswd, htpasswd_fixture)

BOOST_AUTO_TEST_CASE(passwords_are_checked_against_the_file) {
    auto const f = make();
    BOOST_TEST(check(f, "alice", "wonderland"));
    BOOST_TEST(!check(f, "alice", "wrong"));
    BOOST_TEST(!check(f, "nobody", "wonderland"));
    BOOST_TEST(!check(f, "admin", "secret"));
    BOOST_TEST(!check(f, "", ""));
    BOOST_TEST(f.hashes() == 5U);
}

BOOST_AUTO_TEST_CASE(a_password_with_nul_or_too_long_is_wrong_without_a_hash) {
    auto const f = make();
    BOOST_TEST(!check(f, "alice", std::string_view("wonderland\0", 11)));
    BOOST_TEST(!check(f, "alice", std::string_view("\0", 1)));
    BOOST_TEST(!check(f, "alice", std::string(512, 'x')));
    BOOST_TEST(f.hashes() == 0U);
    BOOST_TEST(!check(f, "alice", std::string(511, 'x')));
    BOOST_TEST(f.hashes() == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_right_is_answered_without_the_pool) {
    auto const f = make();
    BOOST_TEST(check(f, "alice", "wonderland"));
    blocked const pool(checks);
    BOOST_TEST(check(f, "alice", "wonderland"));
    BOOST_TEST(f.hashes() == 1U);
}

BOOST_AUTO_TEST_CASE(a_herd_with_the_same_password_hashes_once) {
    auto const f = make();
    std::optional<blocked> pool(std::in_place, checks);
    auto const out = all_at_once(f, 20, "alice", "wonderland", [&] { pool.reset(); });
    BOOST_TEST(out.right == 20);
    BOOST_TEST(f.hashes() == 1U);
}

BOOST_AUTO_TEST_CASE(of_one_client_64_checks_wait_and_after_ten_failures_those_that_wait_are_refused) {
    auto const f = make();
    std::optional<blocked> pool(std::in_place, checks);
    auto const out = all_at_once(f, 100, "alice", "wrong", [&] {
        BOOST_TEST(f.waiting() == 64U);
        BOOST_TEST(checks.current_load().queued == 1U); // its one turn
        pool.reset();
    });
    BOOST_TEST(out.wrong == 10);
    BOOST_TEST(out.refused == 90);
    BOOST_TEST(out.overloaded == 0);
    BOOST_TEST(f.hashes() == 10U);
    BOOST_TEST(check(f, "alice", "wonderland")); // another client
}

BOOST_AUTO_TEST_CASE(a_client_backs_off_from_its_tenth_failure_on_and_others_do_not) {
    auto const f = make();
    for (int i = 0; i < 10; ++i) BOOST_TEST(status(f, "192.0.2.1", i % 2 == 0 ? "alice" : "nobody", "wrong") == 401U);
    BOOST_TEST(status(f, "192.0.2.1", "alice", "wrong") == 429U);
    BOOST_TEST(status(f, "192.0.2.1", "alice", "wonderland") == 429U); // not remembered, so it is not checked
    BOOST_TEST(status(f, "192.0.2.1", "alice", std::string(512, 'x')) == 429U);
    BOOST_TEST(f.hashes() == 10U);
    BOOST_TEST(status(f, "192.0.2.2", "alice", "wrong") == 401U);
    BOOST_TEST(status(f, "192.0.2.2", "alice", "wonderland") == 200U); // the user is not locked
    // Remembered now, and a right login: it ends the row of failures.
    BOOST_TEST(status(f, "192.0.2.1", "alice", "wonderland") == 200U);
    BOOST_TEST(status(f, "192.0.2.1", "alice", "wrong") == 401U);
}

BOOST_AUTO_TEST_CASE(a_right_login_ends_the_row_of_failures) {
    auto const f = make({.remembered = 0s}); // each costs a hash
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 9; ++i) BOOST_TEST(status(f, "192.0.2.1", "alice", "wrong") == 401U);
        BOOST_TEST(status(f, "192.0.2.1", "alice", "wonderland") == 200U);
    }
    BOOST_TEST(known.size() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_without_a_hash_is_a_failure_too) {
    auto const f = make();
    for (int i = 0; i < 10; ++i) BOOST_TEST(status(f, "192.0.2.1", "alice", std::string(512, 'x')) == 401U);
    BOOST_TEST(status(f, "192.0.2.1", "alice", std::string(512, 'x')) == 429U);
    BOOST_TEST(f.hashes() == 0U);
}

BOOST_AUTO_TEST_CASE(a_check_that_waited_too_long_is_refused) {
    auto const f = make({.turns = {.longest_wait = 1ms}});
    std::optional<blocked> pool(std::in_place, checks);
    outcomes out;
    boost::asio::io_context on{1};
    for (int i = 0; i < 3; ++i)
        boost::asio::co_spawn(on.get_executor(), count(f, "192.0.2.1", "alice", "wonderland", out),
                              boost::asio::detached);
    while (out.overloaded != 2) on.run_one();
    pool.reset();
    on.run();
    BOOST_TEST(out.right == 1); // it had its turn
    BOOST_TEST(out.overloaded == 2);
}

BOOST_AUTO_TEST_CASE(checks_that_wait_when_the_service_ends_make_no_hash) {
    auto f = make();
    std::optional<blocked> pool(std::in_place, checks);
    auto const out = all_at_once(f, 10, "alice", "wonderland", [&] {
        f.give_up();
        pool.reset();
    });
    BOOST_TEST(out.overloaded == 9);
    BOOST_TEST(out.right == 1);                  // it was under way
    BOOST_TEST(check(f, "alice", "wonderland")); // remembered: no turn is needed
    BOOST_TEST(status(f, "192.0.2.1", "alice", "wrong") == 503U);
}

BOOST_AUTO_TEST_CASE(jobs_on_the_pools_need_it_no_longer) {
    std::optional<htpasswd_users> f(std::in_place, path, read_htpasswd(path), checks, files, known, nullptr, log);
    boost::asio::io_context on{1};
    {
        blocked const first(checks);
        blocked const second(files);
        outcomes out;
        boost::asio::co_spawn(on.get_executor(), count(*f, "192.0.2.1", "alice", "wrong", out), boost::asio::detached);
        on.poll();
        f->look_again();
        f.reset();
    }
    checks.wait_until_idle();
    files.wait_until_idle();
    BOOST_TEST(records.records().empty());
}

BOOST_AUTO_TEST_SUITE_END()
