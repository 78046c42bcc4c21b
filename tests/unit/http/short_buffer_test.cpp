#include "phial/http/short_buffer.hpp"

#include "phial/http/http_error.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>

using namespace phial;

BOOST_AUTO_TEST_SUITE(short_buffers)

BOOST_AUTO_TEST_CASE(only_what_is_more_than_the_first_elements_is_counted) {
    quota budget(10'000);
    {
        short_buffer<int, 4> buffer(std::make_shared<memory_account>(&budget));
        for (int i = 0; i < 4; ++i) buffer.push_back(i);
        BOOST_TEST(budget.used() == 0U);
        buffer.push_back(4);
        BOOST_TEST(budget.used() >= 5 * sizeof(int));
    }
    BOOST_TEST(budget.used() == 0U);
}

BOOST_AUTO_TEST_CASE(elements_are_kept_when_it_grows_and_shrinks) {
    short_buffer<int, 4> buffer(nullptr);
    BOOST_TEST(buffer.empty());
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 1000; ++i) {
            buffer.push_back(i);
            BOOST_TEST_REQUIRE(buffer.back() == i);
        }
        BOOST_TEST(buffer.size() == 1000U);
        for (std::size_t i = 0; i < 1000; ++i) BOOST_TEST_REQUIRE(buffer[i] == static_cast<int>(i));
        buffer.resize_down(3);
        buffer.pop_back();
        BOOST_TEST(buffer.back() == 1);
        buffer.resize_down(0);
    }
}

BOOST_AUTO_TEST_CASE(what_the_account_refuses_changes_nothing) {
    quota budget(1);
    short_buffer<int, 2> buffer(std::make_shared<memory_account>(&budget));
    buffer.push_back(1);
    buffer.push_back(2);
    BOOST_CHECK_THROW(buffer.push_back(3), http_error);
    BOOST_TEST(buffer.size() == 2U);
    BOOST_TEST(buffer.back() == 2);
    BOOST_TEST(budget.used() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
