// The memory for bodies.
#include "http/memory_budget.hpp"

#include "http/http_error.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>
#include <vector>

using namespace phial;

namespace {

bool is_503(http_error const &e) {
    return e.status() == 503 && e.headers().size() == 1 && e.headers().front().first == "Retry-After";
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_budgets)

BOOST_AUTO_TEST_CASE(shares_are_given_until_nothing_is_left_and_come_back_with_their_end) {
    memory_budget budget(100);
    {
        memory_share first(&budget);
        first.grow(60);
        first.grow(40);
        memory_share second(&budget);
        BOOST_CHECK_EXCEPTION(second.grow(1), http_error, is_503);
        second.grow(0);
        BOOST_TEST(budget.used() == 100U);
    }
    BOOST_TEST(budget.used() == 0U);
    BOOST_TEST(!budget.take(101));
    BOOST_TEST(!budget.take(UINT64_MAX));
    BOOST_TEST(budget.used() == 0U);
    BOOST_TEST(budget.take(100));
}

BOOST_AUTO_TEST_CASE(what_is_required_is_not_taken) {
    memory_budget budget(100);
    memory_share share(&budget);
    share.require(100);
    BOOST_TEST(budget.used() == 0U);
    BOOST_CHECK_EXCEPTION(share.require(101), http_error, is_503);
    share.grow(50);
    share.require(50);
    BOOST_CHECK_EXCEPTION(share.require(51), http_error, is_503);
}

BOOST_AUTO_TEST_CASE(without_a_budget_there_is_no_bound) {
    memory_share share;
    share.grow(UINT64_MAX);
    share.require(UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(threads_never_get_more_than_there_is) {
    memory_budget budget(1000);
    std::atomic<int> refused = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 10'000; ++i) {
                    if (!budget.take(400)) {
                        ++refused;
                        continue;
                    }
                    if (budget.used() > 1000) std::abort();
                    budget.give_back(400);
                }
            });
    }
    BOOST_TEST(budget.used() == 0U);
    BOOST_TEST(refused < 40'000);
}

BOOST_AUTO_TEST_SUITE_END()
