#include "phial/runtime/background_work.hpp"
#include "support/support.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>

using namespace phial;
using namespace phial::testing;

namespace {

task<> one_after_the_other(worker_pool &pool, std::string &log) {
    background_work work(pool, co_await boost::asio::this_coro::executor);
    co_await work.ended(); // nothing was begun
    std::latch go(1);
    work.begin([&log, &go] {
        go.wait();
        log += "first ";
    });
    go.count_down(); // reached, so begin() did not wait
    co_await work.ended();
    work.begin([&log] { log += "second "; });
    co_await work.ended();
    co_await work.ended();
    log += "end";
}

task<> fail(worker_pool &pool, std::string &log) {
    background_work work(pool, co_await boost::asio::this_coro::executor);
    work.begin([] { throw std::out_of_range("work"); });
    try {
        co_await work.ended();
    } catch (std::out_of_range const &e) {
        log += e.what();
    }
    co_await work.ended(); // thrown only once
    work.begin([&log] { log += " and on"; });
    co_await work.ended();
}

task<> begin_and_leave(worker_pool &pool, std::shared_ptr<std::atomic<int>> ran) {
    background_work work(pool, co_await boost::asio::this_coro::executor);
    work.begin([ran] { ++*ran; });
}

task<> wait_for(worker_pool &pool, std::latch &go) {
    background_work work(pool, co_await boost::asio::this_coro::executor);
    work.begin([&go] { go.wait(); });
    co_await work.ended();
}

} // namespace

BOOST_AUTO_TEST_SUITE(work_in_the_background)

BOOST_AUTO_TEST_CASE(it_is_begun_at_once_and_waited_for_later) {
    worker_pool pool(1);
    std::string log;
    run(one_after_the_other(pool, log));
    BOOST_TEST(log == "first second end");
}

BOOST_AUTO_TEST_CASE(what_it_throws_is_thrown_where_it_is_waited_for) {
    worker_pool pool(1);
    std::string log;
    run(fail(pool, log));
    BOOST_TEST(log == "work and on");
}

BOOST_AUTO_TEST_CASE(it_ends_by_itself_when_nobody_waits_for_it) {
    auto const ran = std::make_shared<std::atomic<int>>(0);
    worker_pool pool(1);
    run(begin_and_leave(pool, ran)); // the loop runs until the work has reported
    BOOST_TEST(*ran == 1);
    pool.wait_until_idle();
    BOOST_TEST(ran.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_cancelled_coroutine_does_not_wait_for_it) {
    worker_pool pool(1);
    std::latch go(1);
    boost::asio::io_context on{1};
    boost::asio::cancellation_signal cancel;
    std::exception_ptr failure;
    boost::asio::co_spawn(
        on.get_executor(), wait_for(pool, go),
        boost::asio::bind_cancellation_slot(cancel.slot(), [&failure](std::exception_ptr e) { failure = e; }));
    on.poll();
    BOOST_TEST(!failure);
    cancel.emit(boost::asio::cancellation_type::terminal);
    on.poll();
    BOOST_REQUIRE(failure);
    BOOST_CHECK_EXCEPTION(std::rethrow_exception(failure), boost::system::system_error,
                          [](auto const &e) { return e.code() == boost::asio::error::operation_aborted; });
    go.count_down();
    on.run();
}

BOOST_AUTO_TEST_SUITE_END()
