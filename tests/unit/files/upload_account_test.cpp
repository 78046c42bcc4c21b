#include "phial/files/upload_account.hpp"

#include "phial/http/http_error.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace phial;

namespace {

using result = upload_share::result;

// The status of the rejection; 0: not rejected.
unsigned refused(upload_account &by, std::uint64_t announced) {
    try {
        upload_share const share(by, announced);
        return 0;
    } catch (http_error const &e) {
        bool const says_when = !e.headers().empty() && e.headers()[0].first == "Retry-After";
        BOOST_TEST(says_when == (e.status() == 503));
        return e.status();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(upload_accounts)

BOOST_AUTO_TEST_CASE(above_as_many_as_may_be_under_way_it_is_503_until_one_has_ended) {
    upload_account account(2, 1000);
    std::optional<upload_share> first(std::in_place, account, 0);
    upload_share const second(account, 0);
    BOOST_TEST(account.counts().under_way == 2U);
    BOOST_TEST(refused(account, 0) == 503U);
    first.reset();
    BOOST_TEST(refused(account, 0) == 0U);
    BOOST_TEST(account.counts().refused == 1U);
    BOOST_TEST(account.counts().under_way == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_announced_and_has_no_room_is_507_and_takes_neither_place_nor_room) {
    upload_account account(10, 1000);
    BOOST_TEST(refused(account, 1001) == 507U);
    BOOST_TEST(refused(account, std::numeric_limits<std::uint64_t>::max()) == 507U);
    BOOST_TEST(refused(account, 1000) == 0U);
    upload_share const share(account, 600);
    BOOST_TEST(refused(account, 401) == 507U);
    BOOST_TEST(refused(account, 400) == 0U);
    BOOST_TEST(account.counts().bytes_under_way == 600U);
    BOOST_TEST(account.counts().under_way == 1U);
    BOOST_TEST(account.counts().refused == 3U);
}

BOOST_AUTO_TEST_CASE(what_was_not_announced_is_counted_as_it_comes) {
    upload_account account(10, 1000);
    {
        upload_share share(account, 0);
        share.add(400);
        share.add(400);
        BOOST_TEST(account.counts().bytes_under_way == 800U);
        BOOST_CHECK_EXCEPTION(share.add(201), http_error, [](auto const &e) { return e.status() == 507; });
        BOOST_TEST(account.counts().bytes_under_way == 800U);
        BOOST_TEST(refused(account, 201) == 507U);
    }
    BOOST_TEST(account.counts().bytes_under_way == 0U);
    BOOST_TEST(account.counts().failed == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_announced_is_not_counted_again_when_it_comes) {
    upload_account account(10, 1000);
    upload_share share(account, 1000);
    for (int i = 0; i < 10; ++i) share.add(100);
    BOOST_TEST(account.counts().bytes_under_way == 1000U);
    BOOST_CHECK_THROW(share.add(1), http_error);
}

BOOST_AUTO_TEST_CASE(each_is_counted_once_as_what_became_of_it_and_the_bytes_of_those_written) {
    upload_account account(10, 1000);
    for (auto const what : {result::written, result::written, result::failed, result::abandoned}) {
        upload_share share(account, 10);
        share.add(7);
        share.set_result(what);
        BOOST_TEST(account.counts().bytes_under_way == 10U);
    }
    auto const n = account.counts();
    BOOST_TEST(n.written == 2U);
    BOOST_TEST(n.failed == 1U);
    BOOST_TEST(n.abandoned == 1U);
    BOOST_TEST(n.refused == 0U);
    BOOST_TEST(n.bytes == 14U);
    BOOST_TEST(n.under_way == 0U);
    BOOST_TEST(n.bytes_under_way == 0U);
}

BOOST_AUTO_TEST_CASE(threads_never_take_more_together_than_there_is) {
    upload_account account(3, 100);
    std::atomic<bool> too_many = false;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 2000; ++i) {
                    try {
                        upload_share const share(account, 40);
                    } catch (http_error const &) { // expected now and then
                    }
                    auto const n = account.counts();
                    if (n.under_way > 3 || n.bytes_under_way > 100) too_many = true;
                }
            });
    }
    BOOST_TEST(!too_many);
    BOOST_TEST(account.counts().under_way == 0U);
    BOOST_TEST(account.counts().bytes_under_way == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
