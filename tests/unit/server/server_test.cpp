// The server: listening, several loops, and stopping.
#include "phial/server/server.hpp"

#include "phial/runtime/timer.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "phial/testing/live_server.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <optional>
#include <semaphore>
#include <set>
#include <string>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::literals;

namespace {

constexpr auto get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

task<response> hello(request &) { co_return text("hello"); }

task<> pause_for(std::chrono::milliseconds time) {
    timer end(co_await boost::asio::this_coro::executor, time);
    co_await end.async_wait(use_task);
}

task<response> slow(request &) {
    co_await pause_for(50ms);
    co_return text("slow");
}

// Waits for the body, if there is one, then for ever.
task<response> never(request &rq) {
    (void)co_await rq.data();
    co_await pause_for(1h);
    co_return text("never");
}

// Its work ends after the server.
task<response> blocking(worker_pool &pool, std::binary_semaphore &server_ended, std::atomic<bool> &done) {
    co_await offload(pool, [&] {
        (void)server_ended.try_acquire_for(40s);
        done = true;
    });
    co_return text("too late");
}

app plain(handler respond) { return {std::move(respond), refuse_plainly}; }

} // namespace

BOOST_AUTO_TEST_SUITE(server_)

BOOST_AUTO_TEST_CASE(several_loops_share_the_port) {
    live_server server(hello, {}, 3);
    for (int i = 0; i < 50; ++i) BOOST_TEST(body_of(talk(server, "GET / HTTP/1.0\r\n\r\n")) == "hello");
}

BOOST_AUTO_TEST_CASE(a_second_server_does_not_take_the_port_away) {
    live_server first(hello, {}, 2);
    loops on(2);
    server_options options;
    options.port = first.port();
    server second(on, options, plain(hello));
    BOOST_CHECK_EXCEPTION(second.listen(), listen_error, [&](listen_error const &e) {
        return e.why() == listen_error::reason::port_taken && e.what() == "cannot listen on 127.0.0.1 port " +
                                                                              std::to_string(first.port()) +
                                                                              ": another program already listens there";
    });
}

BOOST_AUTO_TEST_CASE(an_address_of_another_machine_is_refused_for_the_address) {
    for (auto const *const address : {"192.0.2.1", "fe80::1"}) { // one for documents; one without its interface
        loops on(1);
        server_options options;
        options.address = address;
        options.port = 0;
        server s(on, options, plain(hello));
        BOOST_CHECK_EXCEPTION(s.listen(), listen_error,
                              [](listen_error const &e) { return e.why() == listen_error::reason::address; });
    }
}

BOOST_AUTO_TEST_CASE(the_url_names_address_and_port) {
    for (auto const *const address : {"127.0.0.1", "::1"}) {
        loops on(1);
        server_options options;
        options.address = address;
        options.port = 0;
        server s(on, options, plain(hello));
        s.listen();
        auto const host = address == "::1"s ? "[::1]"s : "127.0.0.1"s;
        BOOST_TEST(s.url() == "http://" + host + ":" + std::to_string(s.port()));
        s.release();
    }
}

BOOST_AUTO_TEST_CASE(a_client_with_too_many_connections_is_refused_until_one_has_ended) {
    networks const proxies;
    clients known({.connections = 2}, proxies);
    server_options options;
    options.known_clients = &known;
    options.linger_seconds = 0;
    live_server server(hello, options, 2);
    client first(server);
    std::optional<client> second(std::in_place, server);
    for (auto *c : {&first, &*second}) {
        c->send(get);
        BOOST_TEST(body_of(c->read_response()) == "hello");
    }
    auto const refusal = client(server).read_all();
    BOOST_TEST(has_status(refusal, 503));
    BOOST_TEST(refusal.find("\r\nRetry-After: ") != refusal.npos);
    BOOST_TEST(refusal.find("\r\nConnection: close\r\n") != refusal.npos);
    BOOST_TEST(known.refused_connections() == 1U);
    second.reset();
    BOOST_TEST(wait_until([&] { return has_status(talk(server, "GET / HTTP/1.0\r\n\r\n"), 200); }));
}

BOOST_AUTO_TEST_CASE(a_request_knows_its_client_and_believes_proxies_only) {
    networks const proxies("127.0.0.0/8");
    for (bool const believed : {false, true}) {
        server_options options;
        if (believed) options.context.proxies = &proxies;
        live_server server([](request &rq) -> task<response> { co_return text(rq.client().to_string()); }, options);
        auto const answer = talk(server, "GET / HTTP/1.0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
        BOOST_TEST(body_of(answer) == (believed ? "192.0.2.1" : "127.0.0.1"));
    }
}

BOOST_AUTO_TEST_CASE(stopping_finishes_what_is_under_way_and_closes_what_is_idle) {
    live_server server(slow);
    client idle(server);
    idle.send(get);
    BOOST_TEST(body_of(idle.read_response()) == "slow");
    client busy(server);
    busy.send(get);
    client other(server); // answered on the same loop, so `busy` is under way by then
    other.send(get);
    BOOST_TEST(body_of(other.read_response()) == "slow");
    busy.send(get);
    server.stop();
    BOOST_TEST(body_of(busy.read_response()) == "slow");
    auto const rest = busy.read_all(); // the second request: answered, or not read at all
    BOOST_TEST((rest.empty() || body_of(rest) == "slow"));
    BOOST_TEST(idle.read_all().empty());
    server.wait();
}

BOOST_AUTO_TEST_CASE(no_connection_that_waits_to_be_accepted_is_reset_by_stopping) {
    for (int round = 0; round < 20; ++round) {
        live_server server(hello, {}, 2);
        std::vector<std::unique_ptr<client>> clients;
        for (int i = 0; i < 20; ++i) {
            clients.push_back(std::make_unique<client>(server));
            clients.back()->send(get);
        }
        server.stop();
        for (auto const &c : clients) BOOST_TEST(has_status(c->read_response(), 200));
        clients.clear(); // the server waits for its clients to close, so that they can read their answers
        server.wait();
    }
}

BOOST_AUTO_TEST_CASE(what_does_not_end_in_time_is_cancelled_and_reported) {
    server_options options;
    options.drain_seconds = 1;
    options.handler_seconds = options.body_grace_seconds = 3600; // it is not these that end them
    live_server server(never, options);
    client waiting(server);
    waiting.send(get);
    client sending(server);
    sending.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na");
    BOOST_TEST(wait_until([&server] { return server.counts()[server_event::request] == 2; }));
    server.stop();
    server.wait();
    BOOST_TEST(has_status(waiting.read_all(), 503));
    BOOST_TEST(has_status(sending.read_all(), 503));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_cancelled_does_not_keep_the_server) {
    server_options options;
    options.drain_seconds = 0;
    worker_pool pool(1);
    std::binary_semaphore server_ended(0);
    std::atomic<bool> done = false;
    live_server server([&](request &) -> task<response> { return blocking(pool, server_ended, done); }, options);
    client c(server);
    c.send(get);
    BOOST_TEST(wait_until([&server] { return server.counts()[server_event::request] == 1; }));
    server.stop();
    server.wait();
    BOOST_TEST(!done);
    server_ended.release();
    pool.wait_until_idle(); // as main does: what is done reports to a loop that still exists
}

BOOST_AUTO_TEST_CASE(within_the_drain_delay_connections_are_accepted_and_each_response_is_the_last) {
    server_options options;
    options.drain_delay_seconds = 10;
    live_server server(hello, options);
    client before(server);
    before.send(get);
    BOOST_TEST(before.read_response().find("Connection:") == std::string::npos);
    BOOST_TEST(!server.stopping());
    server.stop();
    BOOST_TEST(server.stopping());
    server.pass(10);
    client after(server);
    after.send(get);
    for (auto *c : {&before, &after}) {
        if (c == &before) c->send(get);
        auto const answer = c->read_all();
        BOOST_TEST(has_status(answer, 200));
        BOOST_TEST(answer.find("\r\nConnection: close\r\n") != answer.npos);
    }
    server.wait();
}

BOOST_AUTO_TEST_SUITE_END()
