// Streams that go on, read in a test.
#include "phial/testing/open_response.hpp"

#include "phial/errors/handle_errors.hpp"
#include "phial/http/events.hpp"
#include "phial/http/http_error.hpp"
#include "phial/routing/router.hpp"
#include "phial/runtime/broadcast.hpp"
#include "phial/runtime/pause.hpp"
#include "phial/runtime/timer.hpp"

#include <boost/test/unit_test.hpp>
#include <support/support.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>

using namespace phial;
using namespace phial::testing;
using namespace std::chrono_literals;

namespace {

struct at_end {
    explicit at_end(int &n) : ended(n) {}
    at_end(at_end const &) = delete;
    at_end &operator=(at_end const &) = delete;
    ~at_end() { ++ended; }
    int &ended;
};

struct room {
    broadcast<std::string> said{4};
    int left = 0;
};

events listen(room &in, request &rq) {
    if (rq.arg("name").value_or("") == "Eve") throw http_error(403, "You may not listen.");
    at_end const end(in.left);
    auto mine = in.said.subscribe(1);
    while (auto const line = co_await mine.next()) {
        if (mine.missed() > 0) co_yield event(std::to_string(mine.missed())).with_type("missed");
        co_yield event(*line);
    }
}

pieces transcript(room &in, request &rq) {
    auto mine = in.said.subscribe();
    while (auto const line = co_await mine.next(rq.stop_token())) co_yield *line;
    co_yield "the end";
}

task<std::shared_ptr<timer>> make_timer() {
    auto const loop = co_await boost::asio::this_coro::executor;
    co_return std::make_shared<timer>(loop);
}

events with_a_timer(request &) {
    auto const kept = co_await make_timer();
    for (;;) co_yield event("tick");
}

pieces that_fails(request &) {
    co_yield "begin";
    co_await pause(1ms);
    throw std::runtime_error("in the middle");
}

task<> say(room &in, request &rq) { in.said.publish((co_await rq.text()).str()); }

struct served {
    room here;
    memory_log records;
    logger log{records};
    app whole = make(here, log);
    std::stop_source service;
    test_client client{whole, context()};

    static app make(room &in, logger const &log) {
        blueprint bp;
        bp.get<"/listen">(listen, in);
        bp.get<"/transcript">(transcript, in);
        bp.get<"/fails">(that_fails);
        bp.get<"/ticks">(with_a_timer);
        bp.post<"/say">(say, in);
        router routes;
        routes.mount(std::move(bp));
        return handle_errors({}, log, std::move(routes));
    }
    [[nodiscard]] service_context context() const {
        service_context common;
        common.stopping = service.get_token();
        return common;
    }
    std::string published(std::string_view text) {
        return std::to_string(client.post("/say", "text/plain", std::string(text)).status());
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(open_response_)

BOOST_AUTO_TEST_CASE(what_is_published_comes_to_all_that_listen) {
    served s;
    auto first = s.client.open("GET", "/listen");
    BOOST_TEST(first.head().status() == 200U);
    BOOST_TEST(first.head().content_type_literal() == "text/event-stream");
    BOOST_TEST(s.published("Hello") == "204");
    auto second = s.client.open("GET", "/listen");
    s.here.said.publish("Bye");
    for (auto *const one : {&first, &second}) {
        BOOST_TEST(one->next().value() == "data: Hello\n\n");
        BOOST_TEST(one->next().value() == "data: Bye\n\n");
    }
    s.here.said.close();
    BOOST_TEST(!first.next());
    BOOST_TEST(!first.next());
}

BOOST_AUTO_TEST_CASE(another_thread_may_publish_while_it_waits) {
    served s;
    auto chat = s.client.open("GET", "/listen");
    BOOST_CHECK_THROW((void)chat.next(1ms), std::runtime_error); // it waits
    std::jthread const other([&] { s.here.said.publish("Hello"); });
    BOOST_TEST(chat.next().value() == "data: Hello\n\n");
}

BOOST_AUTO_TEST_CASE(a_slow_one_learns_how_many_it_has_missed) {
    served s;
    auto slow = s.client.open("GET", "/listen");
    for (char c = 'a'; c <= 'z'; ++c) s.here.said.publish(std::string(1, c));
    BOOST_TEST(slow.next().value() == "event: missed\ndata: 22\n\ndata: w\n\n");
    BOOST_TEST(slow.next().value() == "data: x\n\n");
}

BOOST_AUTO_TEST_CASE(when_nothing_comes_in_time_it_says_so_and_may_be_asked_again) {
    served s;
    auto chat = s.client.open("GET", "/listen");
    BOOST_CHECK_EXCEPTION((void)chat.next(5ms), std::runtime_error, [](std::runtime_error const &e) {
        return e.what() == std::string("no piece of the body has come within 5 ms");
    });
    s.here.said.publish("late");
    BOOST_TEST(chat.next().value() == "data: late\n\n");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_service_ends_a_stream_that_waits) {
    served s;
    auto waiting = s.client.open("GET", "/transcript");
    BOOST_CHECK_THROW((void)waiting.next(1ms), std::runtime_error);
    s.here.said.publish("one");
    BOOST_TEST(waiting.next().value() == "one");
    s.service.request_stop();
    BOOST_TEST(waiting.next().value() == "the end");
    BOOST_TEST(!waiting.next());
}

BOOST_AUTO_TEST_CASE(its_end_is_that_of_the_client_for_the_generator) {
    served s;
    for (int n = 0; n < 2; ++n) {
        auto chat = s.client.open("GET", "/listen");
        if (n == 1) BOOST_CHECK_THROW((void)chat.next(1ms), std::runtime_error); // it waits
        BOOST_TEST(s.here.left == n);
    }
    BOOST_TEST(s.here.left == 2);
    s.here.said.publish("nobody is here");
}

// The address sanitizer sees when the loop goes first.
BOOST_AUTO_TEST_CASE(what_a_generator_has_on_its_loop_goes_before_the_loop) {
    served s;
    auto ticks = s.client.open("GET", "/ticks");
    BOOST_TEST(ticks.next().value().starts_with("data: tick\n\n"));
}

BOOST_AUTO_TEST_CASE(errors_are_responses_before_the_first_piece_and_exceptions_after_it) {
    served s;
    auto refused = s.client.open("GET", "/listen?name=Eve");
    BOOST_TEST(refused.head().status() == 403U);
    BOOST_TEST(refused.next().value().find("You may not listen.") != std::string::npos);
    BOOST_TEST(!refused.next());
    auto failing = s.client.open("GET", "/fails");
    BOOST_TEST(failing.next().value() == "begin");
    BOOST_CHECK_THROW((void)failing.next(), std::runtime_error);
    BOOST_TEST(!failing.next());
}

BOOST_AUTO_TEST_SUITE_END()
