#include "phial/runtime/worker_pool.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <latch>
#include <memory>
#include <new>
#include <optional>
#include <pthread.h>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

using namespace phial;
using namespace phial::testing;

namespace {

task<std::thread::id> thread_of_work(worker_pool &pool) {
    co_return co_await offload(pool, [] { return std::this_thread::get_id(); });
}

task<std::thread::id> thread_afterwards(worker_pool &pool) {
    co_await offload(pool, [] {});
    co_return std::this_thread::get_id();
}

task<std::unique_ptr<int>> move_only(worker_pool &pool) {
    auto work = [in = std::make_unique<int>(42)]() mutable { return std::move(in); };
    co_return co_await offload(pool, std::move(work));
}

struct no_default {
    explicit no_default(int v) : value(v) {}
    int value;
};

task<int> without_default_constructor(worker_pool &pool) {
    auto const got = co_await offload(pool, [] { return no_default(7); });
    co_return got.value;
}

task<int> fail(worker_pool &pool) {
    co_return co_await offload(pool, []() -> int { throw std::out_of_range("work"); });
}

task<> fail_without_result(worker_pool &pool) {
    co_await offload(pool, [] { throw std::out_of_range("work"); });
}

task<std::string> fail_and_go_on(worker_pool &pool) {
    std::string caught;
    try {
        co_await offload(pool, [] { throw 42; });
    } catch (int n) {
        caught = std::to_string(n);
    }
    auto const next = co_await offload(pool, [] { return std::string(" and on"); });
    co_return caught + next;
}

task<int> sum(worker_pool &pool, int upto) {
    int total = 0;
    for (int i = 1; i <= upto; ++i) {
        auto work = [i] { return i; };
        int const got = co_await offload(pool, std::move(work));
        total += got;
    }
    co_return total;
}

std::ptrdiff_t threads_of_the_process() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

// While it lives no thread can be started: there is no room for its stack.
class thread_shortage {
  public:
    thread_shortage() {
        BOOST_REQUIRE(::pthread_getattr_default_np(&before_) == 0);
        auto huge = before_;
        BOOST_REQUIRE(::pthread_attr_setstacksize(&huge, std::size_t{1} << 47U) == 0);
        BOOST_REQUIRE(::pthread_setattr_default_np(&huge) == 0);
    }
    ~thread_shortage() { BOOST_TEST(::pthread_setattr_default_np(&before_) == 0); }
    thread_shortage(thread_shortage const &) = delete;
    thread_shortage &operator=(thread_shortage const &) = delete;

  private:
    pthread_attr_t before_{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(worker_pools)

BOOST_AUTO_TEST_CASE(work_runs_on_a_thread_of_the_pool_and_the_coroutine_goes_on_on_its_loop) {
    worker_pool pool(1);
    BOOST_TEST((run(thread_of_work(pool)) != std::this_thread::get_id()));
    BOOST_TEST((run(thread_afterwards(pool)) == std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE(results_of_every_kind_come_back) {
    worker_pool pool(2);
    BOOST_TEST(*run(move_only(pool)) == 42);
    BOOST_TEST(run(without_default_constructor(pool)) == 7);
    BOOST_TEST(run(sum(pool, 100)) == 5050);
}

BOOST_AUTO_TEST_CASE(exceptions_come_back) {
    worker_pool pool(1);
    auto const is_it = [](std::out_of_range const &e) { return std::string(e.what()) == "work"; };
    BOOST_CHECK_EXCEPTION((void)run(fail(pool)), std::out_of_range, is_it);
    BOOST_CHECK_EXCEPTION(run(fail_without_result(pool)), std::out_of_range, is_it);
    BOOST_TEST(run(fail_and_go_on(pool)) == "42 and on");
}

BOOST_AUTO_TEST_CASE(many_coroutines_may_wait_at_once) {
    worker_pool pool(3);
    boost::asio::io_context on{1};
    int total = 0;
    for (int i = 0; i < 50; ++i)
        boost::asio::co_spawn(on.get_executor(), sum(pool, 10), [&total](std::exception_ptr e, int n) {
            if (!e) total += n;
        });
    on.run();
    BOOST_TEST(total == 50 * 55);
}

BOOST_AUTO_TEST_CASE(all_threads_work_at_the_same_time) {
    worker_pool pool(3);
    std::latch together(3); // opens when three jobs run at once; otherwise the test never ends
    std::atomic<int> through = 0;
    for (int i = 0; i < 3; ++i)
        pool.submit([&]() noexcept {
            together.arrive_and_wait();
            ++through;
        });
    pool.wait_until_idle();
    BOOST_TEST(through == 3);
}

BOOST_AUTO_TEST_CASE(there_is_one_thread_more_than_ever_worked_at_the_same_time_up_to_the_limit) {
    std::thread([] {}).join(); // a sanitizer starts its own thread with the first one
    auto const others = threads_of_the_process();
    auto const has_threads = [others](std::ptrdiff_t n) {
        return wait_until([n, others] { return threads_of_the_process() == others + n; });
    };
    worker_pool pool(3);
    BOOST_TEST(has_threads(1));
    for (int i = 0; i < 10; ++i) {
        pool.submit([]() noexcept {});
        pool.wait_until_idle();
    }
    BOOST_TEST(has_threads(2));
    std::latch go(1);
    for (auto const n : {2, 3, 3}) {
        pool.submit([&go]() noexcept { go.wait(); });
        BOOST_TEST(has_threads(n));
    }
    go.count_down();
    pool.wait_until_idle();
    BOOST_TEST(has_threads(3));
}

BOOST_AUTO_TEST_CASE(a_pool_of_no_threads_can_be_made_and_be_waited_for) {
    worker_pool pool(0);
    pool.wait_until_idle();
    BOOST_TEST(pool.current_load().running == 0U);
}

BOOST_AUTO_TEST_CASE(that_the_first_thread_cannot_be_started_is_an_error_and_others_are_done_without) {
    std::optional<thread_shortage> shortage(std::in_place);
    BOOST_CHECK_EXCEPTION(worker_pool(1), std::system_error, [](std::system_error const &e) {
        return e.code() == std::errc::resource_unavailable_try_again;
    });
    shortage.reset();
    worker_pool pool(2);
    shortage.emplace();
    std::atomic<int> ran = 0;
    for (int i = 0; i < 10; ++i) pool.submit([&ran]() noexcept { ++ran; });
    pool.wait_until_idle();
    BOOST_TEST(ran == 10);
    BOOST_TEST(pool.current_load().unstarted > 0U);
    shortage.reset();
    std::latch together(2); // now there is the second one
    for (int i = 0; i < 2; ++i) pool.submit([&together]() noexcept { together.arrive_and_wait(); });
    pool.wait_until_idle();
}

BOOST_AUTO_TEST_CASE(a_thread_that_could_not_be_started_is_started_later_although_all_others_are_busy) {
    worker_pool pool(2);
    std::latch begun(1);
    std::latch end(1);
    std::optional<thread_shortage> shortage(std::in_place);
    pool.submit([&]() noexcept {
        begun.count_down();
        end.wait();
    });
    begun.wait(); // a thread has failed to start before that
    BOOST_TEST(pool.current_load().unstarted == 1U);
    shortage.reset();
    std::atomic<bool> ran = false;
    BOOST_TEST(wait_until([&] {
        pool.submit([&ran]() noexcept { ran = true; });
        return ran.load();
    }));
    BOOST_TEST(pool.current_load().unstarted == 1U);
    end.count_down();
}

BOOST_AUTO_TEST_CASE(one_thread_runs_jobs_in_the_order_they_came) {
    std::string order;
    {
        worker_pool pool(1);
        for (char c = 'a'; c <= 'e'; ++c) pool.submit([&order, c]() noexcept { order += c; });
    }
    BOOST_TEST(order == "abcde");
}

BOOST_AUTO_TEST_CASE(what_is_queued_and_what_runs_can_be_distinguished) {
    worker_pool pool(2);
    BOOST_TEST(pool.current_load().queued == 0U);
    BOOST_TEST(pool.current_load().running == 0U);
    std::latch running(2);
    std::latch go(1);
    for (int i = 0; i < 5; ++i)
        pool.submit([&, i]() noexcept {
            if (i < 2) running.count_down();
            go.wait();
        });
    running.wait();
    BOOST_TEST(pool.current_load().queued == 3U);
    BOOST_TEST(pool.current_load().running == 2U);
    go.count_down();
    pool.wait_until_idle();
    BOOST_TEST(pool.current_load().queued == 0U);
    BOOST_TEST(pool.current_load().running == 0U);
}

BOOST_AUTO_TEST_CASE(the_destructor_runs_all_that_was_queued) {
    std::atomic<int> ran = 0;
    {
        worker_pool pool(2);
        std::latch release(1);
        for (int i = 0; i < 2; ++i) pool.submit([&release]() noexcept { release.wait(); });
        for (int i = 0; i < 100; ++i) pool.submit([&ran]() noexcept { ++ran; });
        BOOST_TEST(ran == 0); // both threads wait
        release.count_down();
        pool.submit([&ran]() noexcept { ++ran; });
        pool.wait_until_idle(); // the latch is destroyed before the pool
        for (int i = 0; i < 100; ++i) pool.submit([&ran]() noexcept { ++ran; });
    }
    BOOST_TEST(ran == 201);
}

BOOST_AUTO_TEST_CASE(idle_means_the_jobs_have_ended_and_let_go_what_they_owned) {
    worker_pool pool(2);
    pool.wait_until_idle(); // nothing to wait for
    auto const owned = std::make_shared<int>(0);
    for (int i = 0; i < 20; ++i) pool.submit([owned]() noexcept {});
    pool.wait_until_idle();
    BOOST_TEST(owned.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_job_that_does_not_end_is_not_waited_for_longer_than_is_said) {
    worker_pool pool(1);
    BOOST_TEST(pool.wait_until_idle(std::chrono::hours(1)));
    std::latch release(1);
    pool.submit([&release]() noexcept { release.wait(); });
    pool.submit([]() noexcept {});
    BOOST_TEST(!pool.wait_until_idle(std::chrono::milliseconds(1)));
    BOOST_TEST(!pool.wait_until_idle(std::chrono::milliseconds(-1)));
    release.count_down();
    BOOST_TEST(pool.wait_until_idle(std::chrono::hours(1)));
}

BOOST_AUTO_TEST_CASE(a_loop_may_end_before_the_work_it_waits_for) {
    worker_pool pool(1);
    auto const owned = std::make_shared<int>(0);
    bool resumed = false;
    {
        boost::asio::io_context on{1};
        std::latch release(1);
        auto const wait = [](worker_pool &p, std::latch &l, std::shared_ptr<int> kept) -> task<> {
            auto work = [&l] { l.wait(); };
            co_await offload(p, std::move(work));
            ++*kept;
        };
        boost::asio::co_spawn(on.get_executor(), wait(pool, release, owned),
                              [&resumed](std::exception_ptr) { resumed = true; });
        on.poll();
        release.count_down();
        pool.wait_until_idle(); // now the job has reported, and the loop may be destroyed
    }
    BOOST_TEST(!resumed);
    BOOST_TEST(*owned == 0);
    BOOST_TEST(owned.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
