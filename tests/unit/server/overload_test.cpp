// More connections, requests or bodies than there is room for.
#include "phial/runtime/quota.hpp"
#include "phial/runtime/timer.hpp"
#include "phial/server/server.hpp"
#include "phial/testing/live_server.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::literals;

namespace {

task<response> respond(request &rq) {
    if (rq.path() == "/never") {
        timer end(co_await boost::asio::this_coro::executor, 1h);
        co_await end.async_wait(use_task);
    }
    if (rq.path() == "/body") co_return text(co_await rq.data());
    co_return text("here");
}

std::string get(std::string const &path) { return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

std::string head_of(std::string const &path, std::size_t length) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(overload)

BOOST_AUTO_TEST_CASE(a_connection_too_many_gets_a_503_and_the_place_of_one_that_ended_is_free) {
    server_options options;
    options.connections = 2;
    live_server server(respond, options, 2);
    client first(server);
    first.send(get("/1"));
    BOOST_TEST(has_status(first.read_response(), 200));
    {
        client second(server);
        second.send(get("/1"));
        BOOST_TEST(has_status(second.read_response(), 200));
        client third(server);
        auto const told = third.read_all(); // without a request
        BOOST_TEST(has_status(told, 503));
        BOOST_TEST(told.find("\r\nRetry-After: ") != told.npos);
        BOOST_TEST(told.find("\r\nConnection: close\r\n") != told.npos);
        client fourth(server);
        fourth.send(get("/1"));
        BOOST_TEST(has_status(fourth.read_all(), 503));
    }
    // The server sees the end of the second a little later.
    for (int tries = 0;; ++tries) {
        client again(server);
        again.send(get("/1"));
        if (has_status(again.read_response(), 200)) break;
        BOOST_REQUIRE(tries < 1000);
    }
    first.send(get("/1"));
    BOOST_TEST(has_status(first.read_response(), 200));
}

BOOST_AUTO_TEST_CASE(those_rejected_for_lack_of_room_are_bounded_for_all_loops) {
    server_options options;
    options.connections = 1;
    options.turned_away = 3;
    live_server server(respond, options, 2);
    client inside(server);
    inside.send(get("/1"));
    BOOST_TEST(has_status(inside.read_response(), 200));
    std::vector<std::unique_ptr<client>> outside; // they stay as long as they may
    std::size_t told = 0;
    for (int i = 0; i < 12; ++i) {
        outside.push_back(std::make_unique<client>(server));
        told += has_status(outside.back()->read_all(), 503) ? 1 : 0;
    }
    BOOST_TEST(told == 3U);
    BOOST_TEST(server.pass_until([&] { return has_status(client(server).read_all(), 503); })); // their time is over
    inside.send(get("/1"));
    BOOST_TEST(has_status(inside.read_response(), 200));
}

BOOST_AUTO_TEST_CASE(a_request_too_many_is_503_and_its_connection_goes_on) {
    server_options options;
    options.requests = 1;
    options.handler_seconds = 2;
    live_server server(respond, options);
    client waiting(server);
    waiting.send(head_of("/body", 3) + "a"); // the service waits for the client: that is no work
    BOOST_TEST(wait_until(
        [&server] { return server.counts()[server_event::request] == 1 && server.requests_under_way() == 0; }));
    client busy(server);
    busy.send(get("/never"));
    BOOST_TEST(wait_until([&server] { return server.requests_under_way() == 1; }));
    client other(server);
    other.send(get("/1"));
    auto const refused = other.read_response();
    BOOST_TEST(has_status(refused, 503));
    BOOST_TEST(refused.find("\r\nRetry-After: ") != refused.npos);
    waiting.send("bc"); // what was begun is finished
    BOOST_TEST(has_status(waiting.read_response(), 200));
    server.pass(3);
    BOOST_TEST(has_status(busy.read_response(), 503)); // its time is over, and its place free
    other.send(get("/1"));
    BOOST_TEST(has_status(other.read_response(), 200));
}

BOOST_AUTO_TEST_CASE(bodies_share_the_memory_there_is) {
    quota budget(10'000);
    server_options options;
    options.context.body_memory = &budget;
    live_server server(respond, options);
    client first(server);
    first.send(head_of("/body", 9'000) + std::string(8'999, 'x'));
    BOOST_TEST(wait_until([&budget] { return budget.used() > 8'900; }));
    client second(server);
    second.send(head_of("/body", 2'000) + std::string(2'000, 'y'));
    auto const refused = second.read_response();
    BOOST_TEST(has_status(refused, 503));
    first.send("x");
    BOOST_TEST(has_status(first.read_response(), 200));
    second.send(head_of("/body", 2'000) + std::string(2'000, 'y'));
    BOOST_TEST(has_status(second.read_response(), 200));
    second.send(get("/1")); // the memory of a request is free when its answer was sent and the next one comes
    BOOST_TEST(has_status(second.read_response(), 200));
    BOOST_TEST(wait_until([&budget] { return budget.used() == 0; }));
}

BOOST_AUTO_TEST_SUITE_END()
