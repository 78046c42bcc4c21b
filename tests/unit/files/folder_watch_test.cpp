// Writable folders, others, and a stalled disk.
#include "phial/files/folder_watch.hpp"

#include "support/support.hpp"
#include "unit/files/system_calls.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto never = std::chrono::hours(1); // longer than the test

struct fixture {
    temporary_folder folder;
    boost::asio::io_context on{1};

    folder_watch watch(std::chrono::steady_clock::duration moment = never) {
        return {on.get_executor(), folder.path().string(), moment};
    }
    // The result of a look that begins now.
    folder_state look(folder_watch &w) { return run(on, w.look()); }
};

task<> look_into(folder_watch &w, std::vector<folder_state> &answers) { answers.push_back(co_await w.look()); }

} // namespace

BOOST_FIXTURE_TEST_SUITE(folder_watches, fixture)

BOOST_AUTO_TEST_CASE(each_look_tells_what_is_so_now_and_leaves_nothing) {
    auto w = watch();
    BOOST_TEST(look(w).writable);
    BOOST_TEST(folder.names().empty());
    std::filesystem::remove(folder.path());
    BOOST_TEST(!look(w).writable);
    std::filesystem::create_directory(folder.path());
    BOOST_TEST(look(w).writable);
    BOOST_TEST(look(w).stalled_for.count() == 0);
}

BOOST_AUTO_TEST_CASE(a_file_system_that_became_read_only_is_not_writable_whatever_the_permissions_say) {
    system_calls calls;
    auto w = watch();
    calls.fail("unlink", EROFS);
    BOOST_TEST(!look(w).writable);
    BOOST_TEST(look(w).writable);
}

BOOST_AUTO_TEST_CASE(the_first_look_is_made_at_once) {
    std::filesystem::remove(folder.path());
    auto w = watch();
    std::filesystem::create_directory(folder.path());
    BOOST_TEST(!w.glance().writable);
    on.run(); // until the look has ended
    on.restart();
    BOOST_TEST(w.glance().writable);
    on.run();
}

BOOST_AUTO_TEST_CASE(while_the_disk_stalls_there_is_one_look_and_nobody_waits_longer_than_a_moment_for_it) {
    auto w = watch(10ms);
    system_calls calls;
    calls.hold("unlink");
    std::vector<folder_state> answers;
    for (int i = 0; i < 20; ++i) boost::asio::co_spawn(on, look_into(w, answers), boost::asio::detached);
    while (answers.size() < 20) on.run_one();
    for (auto const &a : answers) {
        BOOST_TEST(a.writable); // as at its last answer
        BOOST_TEST((a.stalled_for >= 10ms));
    }
    boost::asio::co_spawn(on, look_into(w, answers), boost::asio::detached);
    while (answers.size() < 21) on.run_one();
    BOOST_TEST((answers.back().stalled_for >= answers.front().stalled_for)); // counted from its beginning
    BOOST_TEST((w.glance().stalled_for >= 10ms));
    BOOST_TEST(calls.count("unlink") == 1U);
    calls.release();
    on.run();
    on.restart();
    BOOST_TEST(w.glance().stalled_for.count() == 0);
    on.run();
    BOOST_TEST(calls.count("unlink") == 2U);
}

BOOST_AUTO_TEST_CASE(who_asks_while_a_look_is_under_way_gets_its_response) {
    auto w = watch();
    system_calls calls;
    calls.hold("unlink");
    calls.fail("unlink", EROFS, 0);
    std::vector<folder_state> answers;
    for (int i = 0; i < 3; ++i) boost::asio::co_spawn(on, look_into(w, answers), boost::asio::detached);
    while (calls.count("unlink") == 0) on.poll();
    BOOST_TEST(answers.empty());
    calls.release();
    on.run();
    BOOST_TEST_REQUIRE(answers.size() == 3U);
    for (auto const &a : answers) BOOST_TEST(!a.writable);
    BOOST_TEST(calls.count("unlink") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
