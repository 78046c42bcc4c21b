// What becomes of clients and handlers that take too long: on real connections, for which the test lets time pass. The
// limits themselves are tested with patience, pace and outbox.
#include "phial/http/http_error.hpp"
#include "phial/runtime/timer.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "phial/server/server.hpp"
#include "phial/testing/live_server.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <optional>
#include <semaphore>
#include <string>

using namespace phial;
using namespace phial::testing;
using namespace std::literals;

namespace {

constexpr unsigned long_time = 3600;

task<> pause_for(std::chrono::milliseconds time) {
    timer end(co_await boost::asio::this_coro::executor, time);
    co_await end.async_wait(use_task);
}

task<response> respond(request &rq) {
    auto const path = rq.path();
    if (path == "/never-read") (void)co_await rq.data();
    if (path.starts_with("/never")) co_await pause_for(1h);
    if (path == "/large") co_return text(std::string(5'000'000, 'x'));
    if (path == "/refuse") co_return text("no").status(403);
    if (path == "/body") co_return text(co_await rq.data());
    co_return text(rq.method(), " ", path);
}

// A place in a handler that the test knows of, and lets it pass.
struct stop_sign {
    std::atomic<unsigned> reached = 0;
    std::atomic<unsigned> passed = 0;
};

// Stops after each piece of a body.
task<response> read_by_pieces(stop_sign &sign, request &rq) {
    std::uint64_t n = 0;
    while (auto const bytes = co_await rq.body().next()) {
        n += bytes->size();
        auto const here = ++sign.reached;
        while (sign.passed < here) co_await pause_for(1ms);
    }
    co_return text(n);
}

// Reads a body as it comes.
task<response> count(std::atomic<std::uint64_t> &received, request &rq) {
    while (auto const bytes = co_await rq.body().next()) received += bytes->size();
    co_return text("done");
}

task<response> work_in_pool(worker_pool &pool, std::counting_semaphore<> &end, request &rq) {
    co_await offload(pool, [&end] { (void)end.try_acquire_for(40s); });
    if (rq.path() == "/await-more") co_await pause_for(1ms);
    co_return text("done");
}

std::string get(std::string const &path) { return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

std::string head_of(std::string const &path, std::size_t length) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

bool has_counted(live_server const &server, server_event e, std::uint64_t n = 1) { return server.counts()[e] == n; }

// None of these ends by itself.
server_options slow_times() {
    server_options o;
    o.idle_seconds = o.head_seconds = o.handler_seconds = o.body_grace_seconds = o.write_seconds = long_time;
    o.linger_seconds = o.linger_whole_seconds = long_time;
    return o;
}

// A client that is refused, of whose body of 1 MB nothing was read: the server lingers.
struct refused_client : client {
    explicit refused_client(live_server const &server) : client(server) {
        send(head_of("/refuse", 1'000'000));
        BOOST_TEST(has_status(read_all(), 403));
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(times)

BOOST_AUTO_TEST_CASE(an_idle_client_is_cut_off_before_and_after_its_first_request) {
    for (bool const asks : {false, true}) {
        BOOST_TEST_CONTEXT(asks) {
            auto options = slow_times();
            options.idle_seconds = 5;
            live_server server(respond, options);
            client c(server);
            if (asks) {
                c.send(get("/1"));
                (void)c.read_response();
            }
            BOOST_TEST(wait_until([&] { return has_counted(server, server_event::connection); }));
            server.pass(5);
            BOOST_TEST(server.open_connections() == 1U);
            server.pass(1);
            BOOST_TEST(c.read_all().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_asks_now_and_then_is_not_idle) {
    auto options = slow_times();
    options.idle_seconds = 5;
    live_server server(respond, options);
    client c(server);
    for (int i = 0; i < 5; ++i) { // in its coroutine and at rest
        c.send(get("/1"));
        BOOST_TEST(body_of(c.read_response()) == "GET /1");
        server.pass(4);
    }
    BOOST_TEST(server.open_connections() == 1U);
}

BOOST_AUTO_TEST_CASE(a_head_or_a_body_that_does_not_come_is_refused) {
    struct {
        std::string begun;
        unsigned server_options::*limit;
        server_event event;
    } const cases[] = {
        {"GET / HTT", &server_options::head_seconds, server_event::slow_head},
        {get("/1") + "GET / HTT", &server_options::head_seconds, server_event::slow_head},
        {head_of("/body", 10) + "hello", &server_options::body_grace_seconds, server_event::slow_body},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.begun) {
            auto options = slow_times();
            options.*c.limit = 1;
            live_server server(respond, options);
            client slow(server);
            slow.send(c.begun);
            if (c.begun.starts_with("GET /1")) (void)slow.read_response();
            BOOST_TEST(server.pass_until([&] { return has_counted(server, c.event); }));
            BOOST_TEST(has_status(slow.read_all(), 408));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_takes_no_response_is_cut_off) {
    auto options = slow_times();
    options.write_seconds = 1;
    live_server server(respond, options);
    client c(server);
    std::string all;
    for (int i = 0; i < 10; ++i) all += get("/large");
    c.send(all);
    BOOST_TEST(server.pass_until([&server] { return has_counted(server, server_event::slow_reader); }));
    BOOST_TEST(wait_until([&server] { return server.open_connections() == 0; }));
}

BOOST_AUTO_TEST_CASE(a_body_may_come_as_slowly_as_the_rate_says) {
    auto options = slow_times();
    options.body_grace_seconds = 0;
    options.least_rate = 10;
    options.handler_seconds = 1; // whose clock stands meanwhile
    std::atomic<std::uint64_t> received = 0;
    live_server server([&](request &rq) -> task<response> { return count(received, rq); }, options);
    client c(server);
    c.send(head_of("/", 100));
    for (std::uint64_t n = 10; n <= 100; n += 10) {
        c.send("0123456789");
        BOOST_REQUIRE(wait_until([&] { return received == n; }));
        server.pass(1);
    }
    BOOST_TEST(has_status(c.read_response(), 200));
    BOOST_TEST(has_counted(server, server_event::slow_body, 0));
}

BOOST_AUTO_TEST_CASE(a_handler_that_takes_too_long_is_cancelled_and_the_connection_goes_on) {
    auto options = slow_times();
    options.handler_seconds = 1;
    live_server server(respond, options);
    client c(server);
    c.send(get("/never") + get("/1"));
    BOOST_TEST(server.pass_until([&] { return has_counted(server, server_event::slow_handler); }));
    BOOST_TEST(has_status(c.read_response(), 503));
    BOOST_TEST(body_of(c.read_response()) == "GET /1");
    c.send(get("/never"));
    BOOST_TEST(server.pass_until([&] { return has_counted(server, server_event::slow_handler, 2); }));
    BOOST_TEST(has_status(c.read_response(), 503));
    BOOST_TEST(has_counted(server, server_event::overload, 2));
}

// An upload at the speed of a slow disk.
BOOST_AUTO_TEST_CASE(a_handler_that_works_a_body_through_may_take_longer_in_all) {
    auto options = slow_times();
    options.handler_seconds = 1;
    stop_sign sign;
    live_server server([&](request &rq) -> task<response> { return read_by_pieces(sign, rq); }, options);
    client c(server);
    c.send(head_of("/", 100));
    for (unsigned piece = 1; piece <= 10; ++piece) {
        c.send("0123456789");
        BOOST_REQUIRE(wait_until([&] { return sign.reached == piece; }));
        server.pass(1);
        sign.passed = piece;
    }
    BOOST_TEST(has_status(c.read_response(), 200));
    BOOST_TEST(has_counted(server, server_event::slow_handler, 0));
}

BOOST_AUTO_TEST_CASE(work_that_cannot_be_cancelled_gets_its_response_when_it_is_done) {
    auto options = slow_times();
    options.handler_seconds = 1;
    worker_pool pool(1);
    std::counting_semaphore<> end(0);
    live_server server([&](request &rq) -> task<response> { return work_in_pool(pool, end, rq); }, options);
    client c(server);
    c.send(get("/") + get("/await-more") + get("/"));
    for (std::uint64_t n = 1; n <= 3; ++n) {
        BOOST_TEST(server.pass_until([&] { return has_counted(server, server_event::slow_handler, n); }));
        server.pass(10);
        end.release();
    }
    BOOST_TEST(body_of(c.read_response()) == "done");
    BOOST_TEST(has_status(c.read_response(), 503)); // it would have waited for more
    BOOST_TEST(body_of(c.read_response()) == "done");
}

// Each leaves a handler that would wait for an hour.
BOOST_AUTO_TEST_CASE(a_client_that_has_gone_frees_the_place_of_its_request) {
    live_server server(respond, slow_times());
    auto const is_free = [&server] { return server.requests_under_way() == 0; };
    std::uint64_t gone = 0;
    struct {
        char const *how;
        std::string sent;
        void (*leave)(std::optional<client> &);
    } const cases[] = {
        {"closed", get("/never"), [](auto &c) { c.reset(); }},
        {"reset", get("/never"), [](auto &c) { c->reset(); }},
        {"reset, with a request after it", get("/never") + get("/1"), [](auto &c) { c->reset(); }},
        {"closed after a body", head_of("/never-read", 5) + "hello", [](auto &c) { c.reset(); }},
        {"closed within a body", head_of("/never", 1000) + "hello", [](auto &c) { c.reset(); }},
        {"half-closed, and it waits", get("/never"), [](auto &c) { c->shutdown_send(); }},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.how) {
            std::optional<client> leaving(std::in_place, server);
            leaving->send(c.sent);
            BOOST_TEST(wait_until([&] { return !is_free(); }));
            c.leave(leaving);
            BOOST_TEST(server.pass_until(is_free));
            if (c.how == "half-closed, and it waits"sv) BOOST_TEST(has_status(leaving->read_response(), 499));
            BOOST_TEST(has_counted(server, server_event::gone_client, ++gone));
            BOOST_TEST(has_counted(server, server_event::overload, 0));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_is_there_is_not_taken_for_gone) {
    auto options = slow_times();
    options.handler_seconds = 10;
    live_server server(respond, options);
    client waiting(server);
    client asking(server); // half-closed, but its next request is still to be read
    waiting.send(get("/never"));
    asking.send(get("/never") + get("/1"));
    asking.shutdown_send();
    BOOST_TEST(wait_until([&server] { return server.requests_under_way() == 2; }));
    server.pass(10);
    BOOST_TEST(server.requests_under_way() == 2U);
    server.pass(1);
    BOOST_TEST(has_status(waiting.read_response(), 503));
    BOOST_TEST(has_status(asking.read_response(), 503));
    BOOST_TEST(body_of(asking.read_response()) == "GET /1");
    BOOST_TEST(has_counted(server, server_event::gone_client, 0));
    BOOST_TEST(has_counted(server, server_event::slow_handler, 2));
}

BOOST_AUTO_TEST_CASE(a_response_does_not_wait_for_the_handler_of_the_next_request) {
    live_server server(respond, slow_times());
    client c(server);
    c.send(get("/1") + get("/never"));
    BOOST_TEST(wait_until([&server] { return server.requests_under_way() == 1; }));
    server.pass(1);
    BOOST_TEST(body_of(c.read_response()) == "GET /1");
}

BOOST_AUTO_TEST_CASE(a_server_lingers_until_the_client_stalls_or_has_had_its_time_or_its_bytes) {
    auto options = slow_times();
    options.linger_seconds = 2;
    options.linger_whole_seconds = 5;
    options.context.limits.unread_body = 0;
    live_server server(respond, options);
    auto const is_closed = [&server] { return server.open_connections() == 0; };

    refused_client const stalls(server);
    server.pass(2);
    BOOST_TEST(!is_closed());
    server.pass(1);
    BOOST_TEST(wait_until(is_closed));

    refused_client drips(server);
    for (int second = 0; second < 5; ++second) {
        drips.send("x");
        server.pass(1);
    }
    BOOST_TEST(!is_closed());
    drips.send("x");
    server.pass(1);
    BOOST_TEST(wait_until(is_closed));

    options = slow_times();
    options.context.limits.unread_body = 0;
    live_server patient(respond, options);
    refused_client sends_all(patient);
    sends_all.send(std::string(1'000'000 + 64 * 1024, 'x')); // and a little more than it announced
    BOOST_TEST(wait_until([&patient] { return patient.open_connections() == 0; }));
}

BOOST_AUTO_TEST_SUITE_END()
