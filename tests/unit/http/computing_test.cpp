// Where work on bodies is done.
#include "phial/http/computing.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <latch>
#include <string>
#include <thread>

using namespace phial;
using namespace phial::testing;

namespace {

task<std::thread::id> where(worker_pool *pool, std::size_t bytes) {
    auto const work = [] { return std::this_thread::get_id(); };
    co_return co_await compute(pool, bytes, work);
}

task<std::string> fail(worker_pool *pool, std::size_t bytes) {
    auto const work = []() -> std::string { throw http_error(400, "bad"); };
    co_return co_await compute(pool, bytes, work);
}

} // namespace

BOOST_AUTO_TEST_SUITE(computing)

BOOST_AUTO_TEST_CASE(long_work_is_done_by_the_pool_and_short_work_at_once) {
    worker_pool pool(1);
    auto const here = std::this_thread::get_id();
    BOOST_TEST((run(where(&pool, 0)) == here));
    BOOST_TEST((run(where(&pool, long_work)) == here));
    BOOST_TEST((run(where(&pool, long_work + 1)) != here));
    BOOST_TEST((run(where(nullptr, long_work + 1)) == here));
}

BOOST_AUTO_TEST_CASE(what_the_work_throws_gets_through) {
    worker_pool pool(1);
    for (std::size_t const bytes : {std::size_t{1}, long_work + 1})
        BOOST_CHECK_EXCEPTION((void)run(fail(&pool, bytes)), http_error,
                              [](http_error const &e) { return e.status() == 400; });
}

BOOST_AUTO_TEST_CASE(when_too_much_waits_long_work_is_503_and_short_work_is_done) {
    worker_pool pool(1);
    std::latch begun(1);
    std::latch release(1);
    pool.submit([&]() noexcept {
        begun.count_down();
        release.wait();
    });
    begun.wait();
    for (std::size_t i = 0; i < most_waiting_jobs; ++i) pool.submit([]() noexcept {});
    BOOST_CHECK_EXCEPTION((void)run(where(&pool, long_work + 1)), http_error, [](http_error const &e) {
        return e.status() == 503 && e.headers().size() == 1 && e.headers().front().first == "Retry-After";
    });
    BOOST_TEST((run(where(&pool, long_work)) == std::this_thread::get_id()));
    release.count_down();
    pool.wait_until_idle();
    BOOST_TEST((run(where(&pool, long_work + 1)) != std::this_thread::get_id()));
}

BOOST_AUTO_TEST_SUITE_END()
