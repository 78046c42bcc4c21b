// The limits of single routes: of bodies and of time, on real connections where the wire matters.
#include "phial/errors/handle_errors.hpp"
#include "phial/openapi/document.hpp"
#include "phial/routing/router.hpp"
#include "phial/runtime/timer.hpp"
#include "phial/server/server.hpp"
#include "phial/testing/live_server.hpp"
#include "phial/testing/memory_log.hpp"
#include "phial/testing/test_client.hpp"
#include "phial/text/concat.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::literals;

namespace {

struct text_body {
    std::string text;
};

task<response> length_of_text(request &rq) {
    auto const content = co_await rq.text();
    co_return text(content.size());
}
task<response> length_of_stream(request &rq) {
    std::size_t n = 0;
    while (auto const piece = co_await rq.body().next()) n += piece->size();
    co_return text(n);
}
task<response> length_of_fields(request &rq) {
    std::size_t n = 0;
    auto parts = rq.parts();
    while (co_await parts.next() != nullptr) n += (co_await parts.text()).size();
    co_return text(n);
}
task<response> length_of_declared(request &, body<text_body> in) { co_return text(in.text.size()); }
task<response> count_calls(std::atomic<int> &calls, request &) {
    ++calls;
    co_return text("called");
}
response take_order(request &) { return text("taken"); }
task<response> never(request &rq) {
    if (rq.head().method == method::post) (void)co_await rq.data();
    timer end(co_await boost::asio::this_coro::executor, 1h);
    co_await end.async_wait(use_task);
    co_return text("late");
}

response sorry(request &, http_error const &e) { return text("sorry: ", e.what()).status(e.status()); }

struct fixture {
    memory_log records;
    logger const log{records, severity::warning};
    std::atomic<int> calls = 0;

    app make() {
        blueprint bp;
        bp.post<"/small">(length_of_text).body_limit(10);
        bp.post<"/large">(length_of_text).body_limit(3000);
        bp.post<"/largest">(length_of_text).body_limit(1_GiB);
        bp.post<"/stream">(length_of_stream).body_limit(10);
        bp.post<"/fields">(length_of_fields).body_limit(300);
        bp.post<"/declared">(length_of_declared).body_limit(20);
        bp.post<"/count">(count_calls, calls).body_limit(10);
        bp.post<"/usual">(length_of_text);
        bp.post<"/orders">(take_order).body_limit(64_KiB).deadline(5s);
        bp.get<"/soon">(never).deadline(2s);
        bp.get<"/late">(never).deadline(1min);
        bp.get<"/never">(never);
        bp.post<"/soon">(never).deadline(2s);
        blueprint own("/own");
        own.error_handler(413, sorry);
        own.post<"/small">(length_of_text).body_limit(10);
        router routes;
        routes.mount(std::move(bp));
        routes.mount(std::move(own));
        return handle_errors({}, log, std::move(routes));
    }
};

server_options small_bounds() {
    server_options o;
    o.context.limits.body_in_memory = 1000;
    o.context.limits.body = 5000;
    o.idle_seconds = o.body_grace_seconds = 3600;
    o.handler_seconds = 10;
    return o;
}

std::string post(std::string_view path, std::size_t size, std::string const &lines = "") {
    return concat("POST ", path, " HTTP/1.1\r\nHost: a\r\n", lines, "Content-Length: ", size, "\r\n\r\n",
                  std::string(size, 'x'));
}
std::string post_chunked(std::string_view path, std::vector<std::size_t> const &chunks) {
    auto sent = concat("POST ", path, " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (auto const size : chunks) {
        std::array<char, 20> digits{};
        std::snprintf(digits.data(), digits.size(), "%zx\r\n", size);
        sent += concat(digits.data(), std::string(size, 'x'), "\r\n");
    }
    return sent + "0\r\n\r\n";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(limits_of_routes, fixture)

BOOST_AUTO_TEST_CASE(a_body_may_be_as_large_as_its_route_allows_and_no_larger) {
    live_server server(make(), small_bounds());
    struct {
        std::string sent;
        unsigned status;
        std::string_view body;
    } const cases[] = {
        {post("/small", 10), 200, "10"},
        {post("/small", 11), 413, "10 bytes accepted here"},
        {post("/large", 3000), 200, "3000"}, // more than the service's limit of bodies in memory
        {post("/large", 3001), 413, "3000 bytes accepted here"},
        {post("/largest", 5000), 200, "5000"},
        {post("/largest", 5001), 413, "larger than is accepted here"}, // the limit of any body holds all the same
        {post("/stream", 10), 200, "10"},
        {post("/stream", 11), 413, "10 bytes accepted here"},
        {post("/usual", 1000), 200, "1000"},
        {post("/usual", 1001), 413, "1000 bytes accepted here"},
        {post_chunked("/small", {5, 5}), 200, "10"},
        {post_chunked("/small", {5, 6}), 413, "larger"},
        {post_chunked("/large", {1000, 1000, 1000}), 200, "3000"},
        {post_chunked("/large", {1000, 1000, 1001}), 413, "larger"},
        {post_chunked("/stream", {10}), 200, "10"},
        {post_chunked("/stream", {11}), 413, "larger"},
        {post_chunked("/usual", {1001}), 413, "larger"},
        {post_chunked("/count", {5, 5}), 200, "called"},
        {post_chunked("/count", {5, 6}), 413, "larger"}, // also if the handler does not read it
        {post("/own/small", 11), 413, "sorry: The body is larger than the 10 bytes accepted here."},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.sent.substr(0, 60) << " ... " << c.sent.size()) {
            client one(server);
            one.send(c.sent);
            auto const rs = one.read_response();
            BOOST_TEST(has_status(rs, c.status));
            BOOST_TEST(body_of(rs).find(c.body) != std::string::npos, body_of(rs));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_announced_body_is_rejected_before_it_is_sent_and_no_handler_sees_it) {
    live_server server(make(), small_bounds());
    client one(server);
    one.send("POST /count HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
    BOOST_TEST(has_status(one.read_response(), 413)); // not 100
    BOOST_TEST(calls == 0);
    client other(server);
    other.send("POST /small HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
    BOOST_TEST(has_status(other.read_response(true), 100));
}

BOOST_AUTO_TEST_CASE(the_connection_goes_on_after_a_body_that_was_too_large_and_short_enough_to_drop) {
    live_server server(make(), small_bounds());
    client one(server);
    one.send(post("/small", 11) + post("/small", 10));
    BOOST_TEST(has_status(one.read_response(), 413));
    BOOST_TEST(body_of(one.read_response()) == "10");
}

BOOST_AUTO_TEST_CASE(everything_that_reads_a_body_follows_the_limit) {
    auto const served = make();
    service_context context;
    context.limits.body_in_memory = 15;
    test_client const one(served, context);
    auto const part = [](std::size_t size) {
        return concat("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n", std::string(size, 'x'),
                      "\r\n--b--\r\n");
    };
    BOOST_TEST(one.post("/fields", "multipart/form-data; boundary=b", part(200)).body() == "200");
    BOOST_TEST(one.post("/fields", "multipart/form-data; boundary=b", part(300)).status() == 413U);
    BOOST_TEST(one.post("/declared", {{"text", "123456789"}}).body() == "9"); // 20 bytes
    BOOST_TEST(one.post("/declared", {{"text", "1234567890"}}).status() == 413U);
    fake_request in_pieces("POST", "/stream", {}, std::vector<std::string>{"12345", "67890", "1"});
    BOOST_TEST(one.send(in_pieces).status() == 413U);
}

BOOST_AUTO_TEST_CASE(a_handler_has_the_time_of_its_route) {
    live_server server(make(), small_bounds());
    struct {
        std::string sent;
        unsigned seconds;
    } const cases[] = {
        {"GET /soon HTTP/1.1\r\nHost: a\r\n\r\n", 2},
        {"GET /never HTTP/1.1\r\nHost: a\r\n\r\n", 10},
        {"GET /late HTTP/1.1\r\nHost: a\r\n\r\n", 60},
    };
    std::uint64_t slow = 0;
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.sent) {
            client one(server);
            one.send(c.sent);
            BOOST_REQUIRE(wait_until([&] { return server.requests_under_way() == 1; }));
            server.pass(c.seconds);
            BOOST_TEST(server.counts()[server_event::slow_handler] == slow);
            server.pass(1);
            BOOST_TEST(server.counts()[server_event::slow_handler] == ++slow);
            BOOST_TEST(has_status(one.read_response(), 503));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_time_begins_again_with_each_part_of_a_body_and_the_next_request_has_its_own) {
    auto options = small_bounds();
    live_server server(make(), options);
    client one(server);
    one.send("POST /soon HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n");
    for (int i = 0; i < 3; ++i) {
        server.pass(2);
        one.send("x");
    }
    BOOST_REQUIRE(wait_until([&] { return server.requests_under_way() == 1; }));
    server.pass(2);
    BOOST_TEST(server.counts()[server_event::slow_handler] == 0U);
    server.pass(1);
    BOOST_TEST(server.counts()[server_event::slow_handler] == 1U);
    BOOST_TEST(has_status(one.read_response(), 503));
    one.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
    BOOST_REQUIRE(wait_until([&] { return server.requests_under_way() == 1; }));
    server.pass(10);
    BOOST_TEST(server.counts()[server_event::slow_handler] == 1U);
}

BOOST_AUTO_TEST_CASE(a_time_is_at_least_a_second) {
    blueprint bp;
    auto &route = bp.get<"/">(never);
    for (auto const wrong : {0s, -1s, std::chrono::seconds(1LL << 32)})
        BOOST_TEST_CONTEXT(wrong.count()) BOOST_CHECK_THROW(route.deadline(wrong), std::invalid_argument);
    route.deadline(1s);
}

BOOST_AUTO_TEST_CASE(the_document_has_the_limit_of_a_body) {
    router routes;
    blueprint bp;
    bp.post<"/a">(length_of_text).body_limit(64_KiB);
    bp.post<"/b">(length_of_text).body_limit(64_KiB).answers(413, "It is too long.");
    bp.post<"/c">(length_of_text);
    bp.post<"/d">(length_of_declared).body_limit(1);
    routes.mount(std::move(bp));
    auto const document = json::parse(openapi({.title = "t", .version = "1"}, routes));
    auto const described = [&](std::string const &path) {
        return document["paths"][path]["post"]["responses"]["413"]["description"].value_or(std::string("none"));
    };
    BOOST_TEST(described("/a") == "The body is larger than 65536 bytes.");
    BOOST_TEST(described("/b") == "It is too long.");
    BOOST_TEST(described("/c") == "none");
    BOOST_TEST(described("/d") == "The body is larger than 1 byte.");
}

BOOST_AUTO_TEST_SUITE_END()
