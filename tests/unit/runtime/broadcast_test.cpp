// Values for coroutines on several loops.
#include "phial/runtime/broadcast.hpp"

#include "phial/runtime/loop.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <support/support.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

namespace asio = boost::asio;
using numbers = std::vector<int>;

// What one subscription gets, to its end.
struct listener {
    explicit listener(broadcast<int> const &of, std::size_t earlier = 0) : mine(of.subscribe(earlier)) {}

    void start(asio::io_context &on, std::stop_token until = {}) {
        asio::co_spawn(on, listen(*this, std::move(until)),
                       asio::bind_cancellation_slot(cancellation.slot(), [this](std::exception_ptr const &e) {
                           failure = e;
                           has_ended = true;
                       }));
    }
    static task<> listen(listener &self, std::stop_token until) {
        while (auto const next = co_await self.mine.next(until)) {
            self.missed.push_back(static_cast<int>(self.mine.missed()));
            self.got.push_back(*next);
        }
    }
    [[nodiscard]] bool was_cancelled() const {
        try {
            if (failure) std::rethrow_exception(failure);
        } catch (boost::system::system_error const &e) {
            return e.code() == asio::error::operation_aborted;
        }
        return false;
    }

    subscription<int> mine;
    asio::cancellation_signal cancellation;
    numbers got;
    numbers missed;
    std::exception_ptr failure;
    bool has_ended = false;
};

// What it has not given yet.
numbers rest(subscription<int> &of) {
    numbers all;
    run([](subscription<int> &from, numbers &into) -> task<> {
        while (auto const next = co_await from.next()) into.push_back(*next);
    }(of, all));
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(broadcast_)

BOOST_AUTO_TEST_CASE(every_subscription_gets_what_was_published_since_it_began) {
    broadcast<int> source;
    source.publish(1);
    auto first = source.subscribe();
    source.publish(2);
    auto second = source.subscribe();
    source.publish(3);
    source.close();
    source.publish(4);
    BOOST_TEST(rest(first) == (numbers{2, 3}), boost::test_tools::per_element());
    BOOST_TEST(rest(second) == numbers{3}, boost::test_tools::per_element());
    auto third = source.subscribe();
    BOOST_TEST(rest(third).empty());
}

BOOST_AUTO_TEST_CASE(a_subscription_may_begin_with_earlier_values) {
    broadcast<int> source(3);
    auto none = source.subscribe(2);
    for (int n = 1; n < 6; ++n) source.publish(n);
    auto last = source.subscribe(1);
    auto all = source.subscribe(100);
    source.close();
    BOOST_TEST(rest(none) == (numbers{3, 4, 5}), boost::test_tools::per_element());
    BOOST_TEST(rest(last) == numbers{5}, boost::test_tools::per_element());
    BOOST_TEST(rest(all) == (numbers{3, 4, 5}), boost::test_tools::per_element());
    BOOST_TEST(all.missed() == 0U);
}

BOOST_AUTO_TEST_CASE(a_value_is_not_copied_and_lives_as_long_as_somebody_has_it) {
    auto const alive = std::make_shared<int>();
    broadcast<std::shared_ptr<int>> values(2);
    std::shared_ptr<std::shared_ptr<int> const> held;
    auto first = values.subscribe();
    auto second = values.subscribe();
    values.publish(alive);
    run([](auto &one, auto &other, auto &kept) -> task<> {
        kept = co_await one.next();
        auto const same = co_await other.next();
        BOOST_TEST(kept.get() == same.get());
    }(first, second, held));
    values.publish({});
    BOOST_TEST(alive.use_count() == 2);
    values.publish({}); // takes the place of the first
    BOOST_TEST(alive.use_count() == 2);
    held.reset();
    BOOST_TEST(alive.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_slow_subscription_loses_the_oldest_and_learns_how_many) {
    broadcast<int> source(4);
    listener slow(source);
    asio::io_context loop{1};
    slow.start(loop);
    loop.poll();
    for (int n = 0; n < 10; ++n) source.publish(n);
    loop.poll();
    source.publish(10);
    loop.poll();
    BOOST_TEST(slow.got == (numbers{6, 7, 8, 9, 10}), boost::test_tools::per_element());
    BOOST_TEST(slow.missed == (numbers{6, 0, 0, 0, 0}), boost::test_tools::per_element());
    source.close();
    loop.poll();
    BOOST_TEST(slow.has_ended);
    BOOST_CHECK_THROW(broadcast<int>(0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(it_may_end_before_its_subscriptions) {
    asio::io_context loop{1};
    std::optional<broadcast<int>> source(std::in_place);
    listener waiting(*source);
    listener not_waiting(*source);
    waiting.start(loop);
    loop.poll();
    source->publish(1);
    source.reset();
    not_waiting.start(loop);
    loop.poll();
    for (auto const *one : {&waiting, &not_waiting}) {
        BOOST_TEST(one->has_ended);
        BOOST_TEST(!one->failure);
        BOOST_TEST(one->got == numbers{1}, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_cancelled_throws_and_the_others_go_on) {
    broadcast<int> source;
    asio::io_context loop{1};
    std::list<listener> all;
    for (int n = 0; n < 3; ++n) all.emplace_back(source).start(loop);
    loop.poll();
    auto &cancelled = *std::next(all.begin());
    cancelled.cancellation.emit(asio::cancellation_type::terminal);
    loop.poll();
    BOOST_TEST(cancelled.was_cancelled());
    source.publish(1);
    loop.poll();
    BOOST_TEST(cancelled.got.empty());
    BOOST_TEST(all.front().got.size() == 1U);
    BOOST_TEST(all.back().got.size() == 1U);
    for (auto &one : all) one.cancellation.emit(asio::cancellation_type::terminal);
    loop.poll();
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_wait_and_what_has_not_been_given_is_left) {
    broadcast<int> source;
    asio::io_context loop{1};
    std::stop_source stop;
    listener waiting(source);
    listener late(source);
    listener other(source);
    other.start(loop);
    waiting.start(loop, stop.get_token());
    loop.poll();
    stop.request_stop();
    loop.poll();
    BOOST_TEST(waiting.has_ended);
    BOOST_TEST(!waiting.failure);
    BOOST_TEST(!other.has_ended);
    source.publish(1);
    late.start(loop, stop.get_token());
    loop.poll();
    BOOST_TEST(late.has_ended);
    BOOST_TEST(late.got.empty());
    BOOST_TEST(other.got.size() == 1U);
    other.cancellation.emit(asio::cancellation_type::terminal);
    loop.poll();
}

BOOST_AUTO_TEST_CASE(what_comes_between_the_look_and_the_wait_is_not_waited_for) {
    asio::io_context loop{1};
    auto const source = std::make_shared<detail::broadcast_core>(4);
    std::stop_source stop;
    detail::broadcast_wait wait(*source, loop.get_executor(), 0);
    stop.request_stop();
    wait.end();
    BOOST_TEST(!wait.begin(stop.get_token()));
    source->publish(std::make_shared<int const>(1));
    BOOST_TEST(!wait.begin({}));
}

// run() counts the handlers: one that wakes, and one for each coroutine.
BOOST_AUTO_TEST_CASE(those_of_one_loop_are_woken_by_one_post_and_in_several_turns) {
    broadcast<int> source;
    asio::io_context loop{1};
    std::list<listener> all;
    auto const count = [&] {
        return std::ranges::count_if(all, [](auto const &one) { return !one.got.empty() && one.got.back() == 3; });
    };
    for (int n = 0; n < 10; ++n) all.emplace_back(source).start(loop);
    loop.poll();
    source.publish(1);
    source.publish(2);
    BOOST_TEST(loop.poll() == 11U);

    for (int n = 0; n < 990; ++n) all.emplace_back(source).start(loop);
    loop.poll();
    source.publish(3);
    std::ptrdiff_t early = 0;
    asio::post(loop, [&] { asio::post(loop, [&] { early = count(); }); });
    loop.poll();
    BOOST_TEST(early > 0);
    BOOST_TEST(early < 200); // others of the loop have a turn before all of them
    BOOST_TEST(count() == 1000);
    source.close();
    loop.poll();
}

BOOST_AUTO_TEST_CASE(a_loop_may_end_while_its_coroutines_wait) {
    broadcast<int> source;
    std::optional<asio::io_context> loop;
    for (int round = 0; round < 3; ++round) {
        loop.emplace(1); // where the earlier one was
        listener one(source);
        one.start(*loop);
        loop->poll();
        source.publish(1);
        loop->poll();
        BOOST_TEST(one.got.size() == 1U);
        source.publish(2); // the call is queued, and never runs
        loop.reset();
        source.publish(3);
        BOOST_TEST(!one.has_ended);
    }
}

BOOST_AUTO_TEST_CASE(all_values_of_many_threads_reach_all_loops_in_order) {
    constexpr int publishers = 3;
    constexpr int each = 2000;
    constexpr std::size_t most = publishers * each;
    broadcast<int> source(most);
    loops both(2);
    std::list<listener> all;
    for (std::size_t n = 0; n < 20; ++n) all.emplace_back(source).start(both[n % 2].context());
    {
        std::jthread const running([&] { both.run(); });
        {
            std::vector<std::jthread> threads;
            for (int p = 0; p < publishers; ++p)
                threads.emplace_back([&source, p] {
                    for (int n = 0; n < each; ++n) source.publish(p * each + n);
                });
        }
        source.close();
        for (std::size_t i = 0; i < 2; ++i) asio::post(both[i].get_executor(), [&l = both[i]] { l.finish(); });
    }
    for (auto const &one : all) {
        BOOST_TEST(one.has_ended);
        BOOST_TEST(one.got.size() == most);
        std::array<int, publishers> next{0, each, 2 * each};
        bool in_order = true;
        for (auto const value : one.got) in_order &= next.at(static_cast<std::size_t>(value / each))++ == value;
        BOOST_TEST(in_order);
        BOOST_TEST(one.got == all.front().got);
    }
}

// Each wait is ended by a value, a stop or a cancellation, at the same time.
BOOST_AUTO_TEST_CASE(whatever_ends_a_wait_first_nothing_is_lost_or_hangs) {
    broadcast<int> source(8);
    loops both(2);
    std::stop_source stop;
    std::list<listener> all;
    for (std::size_t n = 0; n < 60; ++n)
        all.emplace_back(source).start(both[n % 2].context(), n % 3 == 0 ? stop.get_token() : std::stop_token());
    std::jthread running([&] { both.run(); });
    std::atomic<bool> goes_on = true;
    std::jthread publisher([&] {
        for (int n = 0; goes_on; ++n) source.publish(n);
    });
    std::atomic<int> cancelled = 0;
    for (std::size_t i = 0; i < 2; ++i)
        asio::post(both[i].get_executor(), [&, i] {
            std::size_t n = 0;
            for (auto &one : all)
                if (auto const at = n++; at % 3 == 1 && at % 2 == i)
                    one.cancellation.emit(asio::cancellation_type::terminal);
            ++cancelled;
        });
    eventually([&] { return cancelled == 2; });
    stop.request_stop();
    goes_on = false;
    publisher.join();
    source.close();
    for (std::size_t i = 0; i < 2; ++i) asio::post(both[i].get_executor(), [&l = both[i]] { l.finish(); });
    running.join();
    std::size_t n = 0;
    for (auto const &one : all) {
        BOOST_TEST(one.has_ended);
        BOOST_TEST(one.was_cancelled() == (n++ % 3 == 1));
    }
}

// It always finds a value, and yet its loop does other work.
BOOST_AUTO_TEST_CASE(a_subscription_that_is_slower_than_its_source_leaves_turns_to_others) {
    constexpr int count = 1000;
    asio::io_context loop{1};
    broadcast<int> all;
    int got = 0;
    int got_at_turn = -1;
    auto const follow = [](broadcast<int> &source, int &n) -> task<> {
        auto mine = source.subscribe();
        for (; n < count; ++n) {
            source.publish(n);
            (void)co_await mine.next();
        }
    };
    asio::co_spawn(loop, follow(all, got), asio::detached);
    asio::post(loop, [&] { got_at_turn = got; });
    loop.run();
    BOOST_TEST(got == count);
    BOOST_TEST(got_at_turn < count);
}

BOOST_AUTO_TEST_SUITE_END()
