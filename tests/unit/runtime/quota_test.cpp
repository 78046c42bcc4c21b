#include "phial/runtime/quota.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

using namespace phial;

BOOST_AUTO_TEST_SUITE(quotas)

BOOST_AUTO_TEST_CASE(it_is_given_out_until_nothing_is_left) {
    quota all(100);
    BOOST_TEST(!all.take(101));
    BOOST_TEST(!all.take(UINT64_MAX));
    BOOST_TEST(all.used() == 0U);
    BOOST_TEST(all.take(60));
    BOOST_TEST(!all.take(41));
    BOOST_TEST(!all.take(UINT64_MAX));
    BOOST_TEST(all.take(40));
    BOOST_TEST(all.take(0));
    BOOST_TEST(!all.take(1));
    all.give_back(99);
    BOOST_TEST(all.used() == 1U);
    BOOST_TEST(all.take(99));
}

BOOST_AUTO_TEST_CASE(threads_never_get_more_than_there_is) {
    quota all(1000);
    std::atomic<int> refused = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 10'000; ++i) {
                    if (!all.take(400)) {
                        ++refused;
                        continue;
                    }
                    if (all.used() > 1000) std::abort();
                    all.give_back(400);
                }
            });
    }
    BOOST_TEST(all.used() == 0U);
    BOOST_TEST(refused < 40'000);
}

BOOST_AUTO_TEST_SUITE_END()
