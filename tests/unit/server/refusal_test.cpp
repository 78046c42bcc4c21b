// What the server refuses, through the app's layers that are marked for it: on a real connection.
#include "phial/http/http_error.hpp"
#include "phial/http/layer.hpp"
#include "phial/server/server.hpp"
#include "phial/testing/live_server.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;
using namespace std::literals;

namespace {

constexpr auto get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr auto unknown = "BREW / HTTP/1.1\r\nHost: a\r\n\r\n";

task<response> hello(std::atomic<int> &calls, handler const &, request &rq) {
    ++calls;
    if (rq.path() == "/large") co_return text(std::string(1'000'000, 'x'));
    co_return text("hello");
}

task<response> nothing(request &) { co_return response(); }

// As one for CORS would: the header is on whatever leaves.
task<response> stamp(std::string_view value, handler const &next, request &rq) {
    co_await boost::asio::post(use_task);
    auto rs = co_await next(rq);
    co_return std::move(rs).set("X-Stamp", value);
}

task<response> failing(handler const &, request &) {
    throw std::runtime_error("the layer failed");
    co_return response();
}

task<response> failing_at_once(handler const &, request &) { throw http_error(418); }

// Waits for ever, but for requests that are not refused.
task<response> waiting(handler const &next, request &rq) {
    if (rq.notes.refused.status != 0) {
        auto const on = co_await boost::asio::this_coro::executor;
        boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                          boost::asio::wait_traits<std::chrono::steady_clock>, executor>
            timer(on, 1h);
        co_await timer.async_wait(use_task);
    }
    co_return co_await next(rq);
}

// Larger than what is written along with its head, so that it takes the long way.
task<response> enlarging(handler const &next, request &rq) {
    auto rs = co_await next(rq);
    rs.body().resize(300'000, '.');
    co_return rs;
}

app counted(std::atomic<int> &calls) { return {with(nothing, hello, calls), refuse_plainly}; }

server_options bounds() {
    server_options o;
    o.context.limits.request_line = 200;
    o.context.limits.fields = 3;
    o.context.limits.body = 10;
    o.linger_seconds = 0;
    return o;
}

bool is_stamped(std::string const &response) { return response.find("\r\nX-Stamp: yes\r\n") != response.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(a_marked_layer_wraps_every_refusal_and_no_handler_sees_one) {
    std::atomic<int> calls = 0;
    live_server server(with(counted(calls), also_on_refusals(stamp), "yes"), bounds());
    struct {
        unsigned status;
        std::string sent;
    } const cases[] = {
        {400, "GET / HTTP/1.1\r\n\r\n"},
        {413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nConnection: close\r\n\r\n"},
        {414, "GET /" + std::string(300, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n"},
        {417, "POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nConnection: close\r\n\r\n"},
        {431, "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\nConnection: close\r\n\r\n"},
        {501, "BREW / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.status) {
            auto const rs = talk(server, c.sent);
            BOOST_TEST(has_status(rs, c.status));
            BOOST_TEST(is_stamped(rs));
        }
    }
    BOOST_TEST(calls == 0);
    auto const rs = talk(server, "GET / HTTP/1.0\r\n\r\n");
    BOOST_TEST(body_of(rs) == "hello");
    BOOST_TEST(is_stamped(rs));
}

BOOST_AUTO_TEST_CASE(a_layer_without_the_mark_sees_none) {
    std::atomic<int> calls = 0;
    live_server server(with(counted(calls), stamp, "yes"));
    client c(server);
    c.send(unknown);
    auto const refused = c.read_response();
    BOOST_TEST(has_status(refused, 501));
    BOOST_TEST(!is_stamped(refused));
    c.send(get);
    BOOST_TEST(is_stamped(c.read_response()));
}

BOOST_AUTO_TEST_CASE(a_client_that_sends_too_many_requests_is_refused_through_it_and_its_connection_goes_on) {
    networks const none;
    clients table({.rate = 2}, none);
    server_options options = bounds();
    options.known_clients = &table;
    std::atomic<int> calls = 0;
    live_server server(with(counted(calls), also_on_refusals(stamp), "yes"), options);
    client c(server);
    // All three arrive at once. One that is refused for another reason counts, too, and keeps that reason.
    c.send(std::string(unknown) + get + get + unknown);
    for (auto const expected : {501U, 200U, 429U, 501U}) {
        auto const rs = c.read_response();
        BOOST_TEST(has_status(rs, expected));
        BOOST_TEST(is_stamped(rs));
        BOOST_TEST((rs.find("\r\nRetry-After: 1\r\n") != rs.npos) == (expected == 429));
    }
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(a_head_that_does_not_come_is_refused_through_it) {
    std::atomic<int> calls = 0;
    server_options options = bounds();
    options.head_seconds = 1;
    options.idle_seconds = 3600;
    live_server server(with(counted(calls), also_on_refusals(stamp), "yes"), options);
    for (std::string const begun : {"GET / HT", "HEAD / HTTP/1.1\r\nA:"}) {
        BOOST_TEST_CONTEXT(begun) {
            client c(server);
            c.send(begun);
            auto const before = server.counts()[server_event::slow_head];
            BOOST_TEST(server.pass_until([&] { return server.counts()[server_event::slow_head] > before; }));
            auto const rs = c.read_all();
            BOOST_TEST(has_status(rs, 408));
            BOOST_TEST(is_stamped(rs));
            BOOST_TEST(body_of(rs).empty() == begun.starts_with("HEAD"));
        }
    }
    BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(a_connection_too_many_is_refused_through_it) {
    std::atomic<int> calls = 0;
    server_options options = bounds();
    options.connections = 0;
    live_server server(with(with(counted(calls), also_on_refusals(enlarging)), also_on_refusals(stamp), "yes"),
                       options);
    auto const rs = client(server).read_all();
    BOOST_TEST(has_status(rs, 503));
    BOOST_TEST(is_stamped(rs));
    BOOST_TEST(rs.find("\r\nRetry-After: 1\r\n") != rs.npos);
    BOOST_TEST(body_of(rs).size() == 300'000U);
}

BOOST_AUTO_TEST_CASE(what_is_refused_after_the_handler_goes_through_it) {
    std::atomic<int> calls = 0;
    quota little(1000);
    server_options options = bounds();
    options.context.body_memory = &little;
    live_server server(with(counted(calls), also_on_refusals(stamp), "yes"), options);
    client large(server);
    large.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    auto const full = large.read_response();
    BOOST_TEST(has_status(full, 503));
    BOOST_TEST(is_stamped(full));
    BOOST_TEST(full.find("\r\nRetry-After: 1\r\n") != full.npos);
    client broken(server);
    broken.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
    broken.shutdown_send();
    auto const rs = broken.read_all();
    BOOST_TEST(has_status(rs, 400));
    BOOST_TEST(is_stamped(rs));
}

BOOST_AUTO_TEST_CASE(one_that_fails_leaves_the_status) {
    std::atomic<int> calls = 0;
    for (auto const layer : {failing, failing_at_once}) {
        live_server server(app{with(nothing, hello, calls), with(refuse_plainly, layer)});
        client c(server);
        c.send(unknown);
        auto const rs = c.read_response();
        BOOST_TEST(has_status(rs, 501));
        BOOST_TEST(body_of(rs).empty());
        c.send(get);
        BOOST_TEST(body_of(c.read_response()) == "hello");
    }
}

BOOST_AUTO_TEST_CASE(one_that_waits_is_cancelled_like_a_handler_and_the_connection_goes_on) {
    std::atomic<int> calls = 0;
    server_options options;
    options.handler_seconds = 0;
    options.idle_seconds = 3600;
    live_server server(with(with(counted(calls), also_on_refusals(waiting)), also_on_refusals(stamp), "yes"), options);
    client c(server);
    c.send(unknown);
    BOOST_TEST(server.pass_until([&server] { return server.counts()[server_event::slow_handler] == 1; }));
    auto const rs = c.read_response();
    BOOST_TEST(has_status(rs, 501));
    BOOST_TEST(!is_stamped(rs)); // that layer was cancelled, too
    BOOST_TEST(server.requests_under_way() == 0U);
    c.send(get);
    auto const next = c.read_response();
    BOOST_TEST(body_of(next) == "hello");
    BOOST_TEST(is_stamped(next));
}

BOOST_AUTO_TEST_SUITE_END()
