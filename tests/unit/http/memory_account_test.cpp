// The memory for bodies.
#include "phial/http/memory_account.hpp"

#include "phial/http/http_error.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <utility>

using namespace phial;

namespace {

bool is_503(http_error const &e) {
    return e.status() == 503 && e.headers().size() == 1 && e.headers().front().first == "Retry-After";
}

bool is_413(http_error const &e) { return e.status() == 413; }

} // namespace

BOOST_AUTO_TEST_SUITE(memory_accounts)

BOOST_AUTO_TEST_CASE(accounts_get_memory_until_nothing_is_left_and_give_it_back) {
    quota budget(100);
    memory_account first(&budget);
    first.take(60);
    first.take(40);
    memory_account second(&budget);
    BOOST_CHECK_EXCEPTION(second.take(1), http_error, is_503);
    second.take(0);
    BOOST_TEST(budget.used() == 100U);
    BOOST_TEST(first.held() == 100U);
    first.give_back(99);
    second.take(99);
    BOOST_TEST(budget.used() == 100U);
    BOOST_TEST(first.held() == 1U);
    BOOST_TEST(!budget.take(UINT64_MAX));
    BOOST_TEST(budget.used() == 100U);
}

BOOST_AUTO_TEST_CASE(one_request_that_never_fits_is_413_and_one_that_does_not_fit_beside_others_503) {
    quota budget(100);
    memory_account one(&budget);
    BOOST_CHECK_EXCEPTION(one.take(101), http_error, is_413);
    one.take(50);
    BOOST_CHECK_EXCEPTION(one.take(51), http_error, is_413);
    memory_account other(&budget);
    other.take(10);
    BOOST_CHECK_EXCEPTION(one.take(50), http_error, is_503);
    BOOST_CHECK_EXCEPTION(one.take(51), http_error, is_413);
    BOOST_TEST(budget.used() == 60U);
}

BOOST_AUTO_TEST_CASE(what_is_required_is_not_taken) {
    quota budget(100);
    memory_account account(&budget);
    account.require(100);
    BOOST_TEST(budget.used() == 0U);
    BOOST_CHECK_EXCEPTION(account.require(101), http_error, is_413);
    account.take(50);
    account.require(50);
    BOOST_CHECK_EXCEPTION(account.require(51), http_error, is_413);
    memory_account other(&budget);
    BOOST_CHECK_EXCEPTION(other.require(51), http_error, is_503);
}

BOOST_AUTO_TEST_CASE(without_a_budget_there_is_no_bound) {
    memory_account account;
    account.take(UINT64_MAX / 2);
    account.require(UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(a_share_ends_with_its_owner) {
    quota budget(100);
    auto const account = std::make_shared<memory_account>(&budget);
    {
        memory_share share(account);
        share.grow(30);
        memory_share moved(std::move(share));
        moved.grow(30);
        moved.resize_down(40);
        moved.resize_down(50);
        BOOST_TEST(budget.used() == 40U);
        BOOST_CHECK_EXCEPTION(moved.grow(61), http_error, is_413);
        BOOST_TEST(moved.bytes() == 40U);
    }
    BOOST_TEST(budget.used() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
