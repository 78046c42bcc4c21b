#include "phial/http/held_buffer.hpp"

#include "phial/http/http_error.hpp"
#include "phial/runtime/worker_pool.hpp"

#include <boost/test/unit_test.hpp>

#include <latch>
#include <memory>
#include <utility>

using namespace phial;

BOOST_AUTO_TEST_SUITE(held_buffers)

BOOST_AUTO_TEST_CASE(its_memory_is_counted_before_it_is_allocated_and_no_longer_than_it_lives) {
    quota budget(1000);
    {
        held_buffer<char> buffer(std::make_shared<memory_account>(&budget));
        buffer.reserve(600);
        BOOST_TEST(budget.used() == 600U);
        BOOST_CHECK_THROW(buffer.reserve(1001), http_error);
        BOOST_TEST(buffer.capacity() == 600U);
        auto moved = std::move(buffer);
        BOOST_TEST(budget.used() == 600U);
    }
    BOOST_TEST(budget.used() == 0U);
}

BOOST_AUTO_TEST_CASE(a_large_block_is_freed_on_the_pool_and_is_counted_until_then) {
    constexpr auto large = memory_account::long_free;
    quota budget(4 * large);
    worker_pool pool(1);
    std::latch works(1);
    std::latch may_work(1);
    pool.submit([&]() noexcept {
        works.count_down();
        may_work.wait();
    });
    works.wait();
    auto const account = std::make_shared<memory_account>(&budget, &pool);
    {
        held_buffer<char> small(account);
        held_buffer<char> first(account);
        held_buffer<char> second(account);
        small.reserve(large - 1);
        first.reserve(large);
        second.reserve(large);
        second = std::move(first); // what is assigned to hands over its block
    }
    BOOST_TEST(budget.used() == 2 * large);
    BOOST_TEST(pool.current_load().queued == 2U);
    may_work.count_down();
    pool.wait_until_idle();
    BOOST_TEST(budget.used() == 0U);
}

BOOST_AUTO_TEST_CASE(a_pool_that_frees_a_block_may_outlive_whoever_held_the_account) {
    quota budget(memory_account::long_free);
    worker_pool pool(1);
    {
        held_buffer<char> buffer(std::make_shared<memory_account>(&budget, &pool));
        buffer.reserve(memory_account::long_free);
    }
    pool.wait_until_idle();
    BOOST_TEST(budget.used() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
