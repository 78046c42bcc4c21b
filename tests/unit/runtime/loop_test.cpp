#include "phial/runtime/loop.hpp"
#include "support/support.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace phial;

namespace {

using namespace std::chrono_literals;
using steady_timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                       boost::asio::wait_traits<std::chrono::steady_clock>, executor>;

} // namespace

BOOST_AUTO_TEST_SUITE(event_loops)

BOOST_AUTO_TEST_CASE(ticks_begin_when_the_loop_starts_and_come_in_order) {
    loop l;
    std::string calls;
    l.on_tick([&calls] { calls += 'a'; });
    l.on_tick([&calls, &l] {
        calls += 'b';
        l.finish();
    });
    BOOST_TEST(calls == "");
    l.run();
    BOOST_TEST(calls == "ab");
}

BOOST_AUTO_TEST_CASE(there_is_a_tick_every_second) {
    loop l;
    std::vector<std::chrono::steady_clock::time_point> times;
    l.on_tick([&times, &l] {
        times.push_back(std::chrono::steady_clock::now());
        if (times.size() == 3) l.finish();
    });
    l.run();
    BOOST_TEST_REQUIRE(times.size() == 3U);
    BOOST_TEST((times[1] - times[0] >= 1s));
    BOOST_TEST((times[2] - times[1] >= 1s));
}

BOOST_AUTO_TEST_CASE(a_tick_may_be_called_and_its_period_be_another_one) {
    loop l(24h);
    int ticks = 0;
    l.on_tick([&ticks] { ++ticks; });
    boost::asio::post(l.context(), [&] {
        BOOST_TEST(ticks == 1); // when it started
        l.tick();
        l.tick();
        BOOST_TEST(ticks == 3);
        l.finish();
        l.tick();
        BOOST_TEST(ticks == 3);
    });
    l.run();

    loop fast(1ms);
    int fast_ticks = 0;
    fast.on_tick([&] {
        if (++fast_ticks == 20) fast.finish();
    });
    auto const begin = std::chrono::steady_clock::now();
    fast.run();
    BOOST_TEST((std::chrono::steady_clock::now() - begin >= 19ms));
}

BOOST_AUTO_TEST_CASE(a_loop_that_does_not_turn_is_known_from_outside_and_was_late_afterwards) {
    loop l;
    BOOST_TEST((l.since_tick() == 0s)); // not running yet
    std::atomic<bool> blocked = true;
    int ticks = 0;
    l.on_tick([&] {
        if (++ticks == 2) l.finish();
    });
    boost::asio::post(l.context(), [&blocked] { blocked.wait(true); });
    std::thread runs([&l] { l.run(); });
    testing::eventually([&l] { return l.since_tick() > 1500ms; });
    BOOST_TEST((l.lag() == 0s)); // the last tick was in time
    blocked = false;
    blocked.notify_all();
    runs.join();
    BOOST_TEST((l.lag() >= 400ms));
    BOOST_TEST((l.since_tick() == 0s)); // has ended
}

BOOST_AUTO_TEST_CASE(finish_ends_the_run_when_all_work_has_ended) {
    loop l;
    bool ended = false;
    steady_timer under_way(l.get_executor(), 20ms);
    under_way.async_wait([&ended](auto ec) { ended = !ec; });
    boost::asio::post(l.context(), [&l] { l.finish(); });
    l.run();
    BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(there_are_no_ticks_after_finish) {
    loop l;
    int ticks = 0;
    l.on_tick([&ticks] { ++ticks; });
    steady_timer longer_than_a_tick(l.get_executor(), 1100ms);
    longer_than_a_tick.async_wait([](auto) {});
    boost::asio::post(l.context(), [&l] { l.finish(); });
    l.run();
    BOOST_TEST(ticks == 1);
}

BOOST_AUTO_TEST_CASE(stop_leaves_work_undone) {
    loop l;
    bool done = false;
    steady_timer endless(l.get_executor(), 24h);
    endless.async_wait([&done](auto) { done = true; });
    l.on_tick([&l] {
        std::jthread other([&l] { l.stop(); }); // from any thread
    });
    l.run();
    BOOST_TEST(!done);
}

BOOST_AUTO_TEST_CASE(a_loop_survives_what_its_handlers_throw) {
    loop l;
    bool went_on = false;
    boost::asio::post(l.context(), [] { throw std::runtime_error("this is expected in the output of the tests"); });
    boost::asio::post(l.context(), [&l, &went_on] {
        went_on = true;
        l.finish();
    });
    l.run();
    BOOST_TEST(went_on);
}

BOOST_AUTO_TEST_CASE(several_loops_run_on_a_thread_each_the_first_on_the_caller) {
    loops all(3);
    BOOST_TEST_REQUIRE(all.size() == 3U);
    std::vector<std::thread::id> threads(all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].on_tick([&threads, &all, i] {
            threads[i] = std::this_thread::get_id();
            all[i].finish();
        });
    all.run();
    BOOST_TEST((threads[0] == std::this_thread::get_id()));
    BOOST_TEST(std::set(threads.begin(), threads.end()).size() == 3U);
    BOOST_TEST((threads[1] != std::thread::id() && threads[2] != std::thread::id()));
}

BOOST_AUTO_TEST_CASE(stop_ends_every_loop) {
    loops all(3);
    std::atomic<int> started = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].on_tick([&started, &all] {
            if (++started == 3) all.stop();
        });
    all.run();
    BOOST_TEST(started == 3);
}

BOOST_AUTO_TEST_SUITE_END()
