// Streams of generators on real connections, for which the test lets time pass.
#include "phial/http/events.hpp"
#include "phial/http/generator.hpp"
#include "phial/runtime/broadcast.hpp"
#include "phial/runtime/pause.hpp"
#include "phial/server/patience.hpp"
#include "phial/server/server.hpp"
#include "phial/testing/live_server.hpp"
#include "phial/text/concat.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <list>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

using namespace phial;
using namespace phial::testing;
using namespace std::literals;

namespace {

// What a generator is to do, and what became of it.
struct control {
    std::atomic<int> yielded = 0;
    std::atomic<int> allowed = 0;
    std::atomic<int> ended = 0;
    std::atomic<bool> saw_stop = false;
};

struct at_end {
    explicit at_end(control &of) : c(of) {}
    at_end(at_end const &) = delete;
    at_end &operator=(at_end const &) = delete;
    ~at_end() { ++c.ended; }
    control &c;
};

pieces numbers(control &c, request &rq) {
    at_end const end(c);
    for (;;) {
        while (c.yielded == c.allowed) {
            co_await pause(1ms);
            if (rq.stopping()) {
                c.saw_stop = true;
                co_yield "last";
                co_return;
            }
        }
        co_yield concat(++c.yielded, ",");
    }
}

events ticks(control &c, request &) {
    at_end const end(c);
    for (;;) {
        while (c.yielded == c.allowed) co_await pause(1ms);
        co_yield event(concat(++c.yielded));
    }
}

events flood(control &c, request &) {
    at_end const end(c);
    for (;;) co_yield event(std::string(100'000, 'x'));
}

pieces stubborn(control &c, request &) {
    at_end const end(c);
    co_yield "begin";
    co_await pause(1h);
}

// Waits again after each exception.
pieces that_catches(control &c, request &) {
    at_end const end(c);
    co_yield "begin";
    for (;;) {
        try {
            co_await pause(1h);
        } catch (std::exception const &) {
            ++c.yielded;
        }
    }
}

pieces without_end(control &c, request &) {
    at_end const end(c);
    for (;;) co_yield std::string(100'000, 'x');
}

pieces that_fails(control &, request &) {
    co_yield "begin";
    co_await pause(1ms);
    throw std::runtime_error("in the middle");
}

events heard(broadcast<int> const &source, request &) {
    auto mine = source.subscribe();
    while (auto const next = co_await mine.next()) co_yield event(concat(*next));
}

pieces noted(broadcast<int> const &source, request &rq) {
    auto mine = source.subscribe();
    while (auto const next = co_await mine.next(rq.stop_token())) co_yield concat("data: ", *next, "\n\n");
    co_yield "last";
}

// An app with one of these, which notes what has failed.
struct served {
    control c;
    std::atomic<int> failures = 0;
    std::string failed_path;

    template <class Format>
    app with(generator<Format> (*make)(control &, request &)) {
        return {.respond = [this, make](request &rq) { return outcome(make(c, rq)); },
                .refuse = refuse_plainly,
                .failed =
                    [this](request const &rq, std::exception_ptr const &) {
                        failed_path = rq.path();
                        ++failures;
                    }};
    }
};

server_options draining_for(unsigned seconds) {
    server_options o;
    o.drain_seconds = seconds;
    return o;
}

constexpr std::string_view get = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view get_1_0 = "GET /stream HTTP/1.0\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(stream_)

BOOST_AUTO_TEST_CASE(each_piece_is_sent_at_once_without_a_deadline_and_its_request_is_not_under_way) {
    served s;
    server_options options;
    options.handler_seconds = 5;
    live_server server(s.with(numbers), options);
    client c(server);
    c.send(get);
    for (auto const *text : {"1,", "2,", "3,"}) {
        ++s.c.allowed;
        (void)c.read_until(concat("2\r\n", text, "\r\n"));
        server.pass(7);
        BOOST_TEST(server.requests_under_way() == 0U);
    }
    BOOST_TEST(s.c.ended == 0);
}

BOOST_AUTO_TEST_CASE(the_head_does_not_wait_for_the_first_piece) {
    served s;
    {
        live_server server(s.with(ticks));
        client c(server);
        c.send(get);
        BOOST_TEST(has_status(c.read_until("\r\n\r\n"), 200)); // of events at once
    }
    live_server server(s.with(numbers));
    client c(server);
    c.send(get);
    eventually([&] { return server.counts()[server_event::request] == 1; });
    server.pass(1);
    BOOST_TEST(has_status(c.read_until("\r\n\r\n"), 200)); // of others within a second
}

BOOST_AUTO_TEST_CASE(what_another_thread_publishes_reaches_the_streams_of_all_loops_until_the_service_stops) {
    broadcast<int> source(100);
    auto const choose = [&source](request &rq) {
        return rq.path() == "/heard" ? outcome(heard(source, rq)) : outcome(noted(source, rq));
    };
    live_server server(handler(choose), draining_for(3600), 2);
    std::list<client> clients;
    for (int n = 0; n < 16; ++n)
        clients.emplace_back(server).send(
            concat("GET ", n % 2 == 0 ? "/heard" : "/noted", " HTTP/1.1\r\nHost: a\r\n\r\n"));
    BOOST_TEST(server.pass_until([&] { return server.counts()[server_event::request] == 16; }));
    server.pass(1); // the heads of /noted
    for (auto &one : clients) (void)one.read_until("\r\n\r\n");
    std::jthread publisher([&source] {
        for (int n = 0; n < 100; ++n) source.publish(n);
    });
    for (auto &one : clients) {
        auto const all = one.read_until("data: 99\n\n");
        std::size_t at = 0;
        for (int n = 0; n < 100 && at != all.npos; ++n) at = all.find(concat("data: ", n, "\n\n"), at);
        BOOST_TEST(at != all.npos);
    }
    server.stop();
    bool is_noted = false;
    for (auto &one : clients) {
        auto const end = one.read_all();
        BOOST_TEST(end.ends_with("\r\n0\r\n\r\n"));
        BOOST_TEST(end.ends_with("4\r\nlast\r\n0\r\n\r\n") == std::exchange(is_noted, !is_noted));
    }
    publisher.join();
    server.wait();
}

BOOST_AUTO_TEST_CASE(a_generator_is_cancelled_when_its_client_goes) {
    struct {
        char const *how;
        void (client::*leave)();
        std::string_view sent_more;
    } const ways[] = {{"reset", &client::reset, ""},
                      {"half closed", &client::shutdown_send, ""},
                      {"half closed after the beginning of another request", &client::shutdown_send, "G"},
                      {"half closed after another request", &client::shutdown_send, get}};
    for (auto const &way : ways) {
        BOOST_TEST_CONTEXT(way.how) {
            served s;
            live_server server(s.with(numbers));
            client c(server);
            c.send(get);
            s.c.allowed = 1;
            (void)c.read_until("1,");
            c.send(way.sent_more);
            (c.*way.leave)();
            BOOST_TEST(server.pass_until([&] { return s.c.ended == 1 && server.open_connections() == 0; }));
            BOOST_TEST(s.failures == 0);
            BOOST_TEST(server.requests_under_way() == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(events_that_never_wait_end_when_the_service_stops_as_soon_as_their_client_takes_them) {
    served s;
    live_server server(s.with(flood), draining_for(3600));
    client c(server);
    c.send(get);
    (void)c.read_until("data: ");
    server.stop();
    BOOST_TEST(c.read_all().ends_with("\r\n0\r\n\r\n"));
    server.wait();
    BOOST_TEST(s.c.ended == 1);
}

BOOST_AUTO_TEST_CASE(events_end_properly_when_the_service_stops_and_others_see_that_it_does) {
    struct {
        std::string_view request, last;
    } const versions[] = {{get, "0\r\n\r\n"}, {get_1_0, "data: 1\n\n"}};
    for (auto const &v : versions) {
        served s;
        live_server server(s.with(ticks), draining_for(3600));
        client c(server);
        c.send(v.request);
        s.c.allowed = 1;
        (void)c.read_until("data: 1\n\n");
        server.stop();
        auto const rest = c.read_all();
        BOOST_TEST(rest.size() <= v.last.size() + 2);
        if (v.request == get) BOOST_TEST(rest.ends_with(v.last));
        server.wait();
        BOOST_TEST(s.c.ended == 1);
        BOOST_TEST(s.failures == 0);
    }
    served s;
    live_server server(s.with(numbers), draining_for(3600));
    client c(server);
    c.send(get);
    s.c.allowed = 1;
    (void)c.read_until("1,");
    server.stop();
    BOOST_TEST(c.read_all().ends_with("4\r\nlast\r\n0\r\n\r\n"));
    server.wait();
    BOOST_TEST(s.c.saw_stop);
}

BOOST_AUTO_TEST_CASE(one_that_does_not_end_is_cancelled_after_the_time_for_draining_and_is_not_complete) {
    served s;
    live_server server(s.with(stubborn), draining_for(2));
    client c(server);
    c.send(get);
    (void)c.read_until("begin");
    server.stop();
    server.pass(1);
    BOOST_TEST(s.c.ended == 0);
    BOOST_TEST(server.pass_until([&] { return s.c.ended == 1; }));
    BOOST_TEST(!c.read_all().ends_with("0\r\n\r\n"));
    BOOST_TEST(s.failures == 0);
}

BOOST_AUTO_TEST_CASE(one_that_catches_its_cancellation_and_waits_again_ends) {
    served s;
    live_server server(s.with(that_catches));
    client c(server);
    c.send(get);
    (void)c.read_until("begin");
    c.reset();
    BOOST_TEST(server.pass_until([&] { return s.c.ended == 1; }));
    BOOST_TEST(s.c.yielded == 1);
}

BOOST_AUTO_TEST_CASE(one_that_never_waits_is_cut_off_after_the_time_for_draining) {
    served s;
    live_server server(s.with(without_end), draining_for(2));
    client c(server);
    c.send(get);
    (void)c.read_until("xxx");
    server.stop();
    std::jthread const time([&] { (void)server.pass_until([&] { return s.c.ended == 1; }); });
    BOOST_TEST(!c.read_all().ends_with("0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(an_old_client_gets_a_reset_when_it_fails) {
    served s;
    live_server server(s.with(that_fails));
    client c(server);
    c.send(get_1_0);
    (void)c.read_until("begin");
    BOOST_TEST(c.is_reset());
}

BOOST_AUTO_TEST_CASE(an_exception_breaks_the_connection_and_is_reported) {
    served s;
    live_server server(s.with(that_fails));
    auto const all = talk(server, get);
    BOOST_TEST(all.ends_with("5\r\nbegin\r\n"));
    eventually([&] { return s.failures == 1; });
    BOOST_TEST(s.failed_path == "/stream");
}

BOOST_AUTO_TEST_CASE(an_endless_stream_without_events_has_heartbeats) {
    served s;
    live_server server(s.with(ticks));
    client c(server);
    c.send(get);
    s.c.allowed = 1;
    (void)c.read_until("data: 1\n\n");
    server.pass(patience::beat_seconds - 2);
    ++s.c.allowed; // which begins the time again
    (void)c.read_until("data: 2\n\n");
    server.pass(patience::beat_seconds - 1);
    ++s.c.allowed;
    BOOST_TEST(c.read_until("data: 3\n\n").find(":\n\n") == std::string::npos);
    for (int n = 0; n < 3; ++n) {
        server.pass(patience::beat_seconds + 1);
        (void)c.read_until("3\r\n:\n\n\r\n");
    }
}

BOOST_AUTO_TEST_CASE(head_does_not_let_it_go_on) {
    served s;
    live_server server(s.with(ticks));
    client c(server);
    c.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    BOOST_TEST(c.read_response(true).find("Transfer-Encoding: chunked") != std::string::npos);
    BOOST_TEST(s.c.yielded == 0);
    eventually([&] { return s.c.ended == 1; });
    c.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    BOOST_TEST(has_status(c.read_response(true), 200));
}

BOOST_AUTO_TEST_SUITE_END()
