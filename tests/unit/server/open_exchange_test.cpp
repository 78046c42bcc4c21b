// What is counted and reported of one request.
#include "phial/server/open_exchange.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string_view>

using namespace phial;
using namespace std::literals;

namespace {

boost::asio::ip::address const peer = boost::asio::ip::make_address("192.0.2.1");
service_context const context;
open_exchange::time const noon = open_exchange::time() + 12h;

request_head head_for(std::string_view target, method m = method::get) {
    request_head head;
    head.method = m;
    head.target = target;
    return head;
}

void begin(open_exchange &now, request_head const &head, bool has_method = true) {
    now.begin(noon, head, context, has_method);
    now.rq->notes.peer = &peer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(open_exchanges)

BOOST_AUTO_TEST_CASE(the_observer_is_told_what_became_of_a_request) {
    auto const head = head_for("/a", method::head);
    open_exchange now;
    begin(now, head);
    now.received = 40;
    now.received += 2;
    for (bool const complete : {true, false}) {
        auto const told = now.report(noon + 5ms, 201, complete, 300);
        BOOST_TEST(told.rq.head().target == "/a");
        BOOST_TEST(told.method == "HEAD");
        BOOST_TEST(told.status == 201U);
        BOOST_TEST(told.complete == complete);
        BOOST_TEST(told.received == 42U);
        BOOST_TEST(told.sent == 300U);
        BOOST_TEST((told.took == 5ms));
        BOOST_TEST((told.peer == peer));
        BOOST_TEST(!told.refused);
    }
}

// A scan of the service must not make a time series for each word that it tries.
BOOST_AUTO_TEST_CASE(a_method_that_is_not_known_has_one_name) {
    auto head = head_for("/");
    head.is_known = false;
    open_exchange now;
    begin(now, head, false);
    BOOST_TEST(now.report(noon, 501, true, 0).method == "_OTHER");
}

BOOST_AUTO_TEST_CASE(it_is_known_whether_the_server_rejects_the_request) {
    auto const head = head_for("/");
    open_exchange now;
    begin(now, head);
    BOOST_TEST(!now.is_refused());
    now.rq->notes.refused = {413, "too large"};
    BOOST_TEST(now.is_refused());
    BOOST_TEST(now.report(noon, 413, true, 0).refused);
}

BOOST_AUTO_TEST_CASE(nothing_of_one_request_is_left_for_the_next) {
    auto const first = head_for("/1");
    auto const second = head_for("/2");
    open_exchange now;
    begin(now, first, false);
    now.received = 42;
    now.rq->notes.refused = {400, "malformed"};
    now.rq->notes.user = "ann";
    now.begin(noon + 1s, second, context, true);
    now.rq->notes.peer = &peer;
    auto const told = now.report(noon + 3s, 200, true, 0);
    BOOST_TEST(told.rq.head().target == "/2");
    BOOST_TEST(told.rq.notes.user.empty());
    BOOST_TEST(told.method == "GET");
    BOOST_TEST(told.received == 0U);
    BOOST_TEST(!told.refused);
    BOOST_TEST((told.took == 2s));
}

BOOST_AUTO_TEST_CASE(it_is_known_when_the_last_request_ended_until_something_is_waited_for) {
    auto const head = head_for("/");
    auto const none = open_exchange::time();
    open_exchange now;
    BOOST_TEST((now.ended() == none));
    begin(now, head);
    BOOST_TEST((now.ended() == none));
    (void)now.report(noon + 5ms, 200, true, 0);
    BOOST_TEST((now.ended() == noon + 5ms));
    begin(now, head);
    BOOST_TEST((now.ended() == none));
    (void)now.report(noon + 6ms, 200, true, 0);
    now.end();
    BOOST_TEST((now.ended() == none));
}

BOOST_AUTO_TEST_SUITE_END()
