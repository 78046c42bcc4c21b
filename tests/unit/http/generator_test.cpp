// Bodies that a coroutine yields, without a connection.
#include "phial/http/generator.hpp"

#include "phial/http/events.hpp"
#include "phial/http/http_error.hpp"
#include "phial/runtime/pause.hpp"
#include "phial/text/concat.hpp"

#include <boost/test/unit_test.hpp>
#include <support/support.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::literals;

namespace {

using parts = std::vector<std::string>;

task<> read_all(body_stream &from, parts &into) {
    while (auto const bytes = co_await from.next()) into.emplace_back(*bytes);
}

// What comes at once, each time that the body is asked.
parts read(response rs) {
    parts all;
    run(read_all(*rs.stream(), all));
    return all;
}

pieces count(int n) {
    for (int i = 0; i < n; ++i) co_yield concat(i, ",");
}

task<int> add_later(int a, int b) {
    co_await pause(1ms);
    co_return a + b;
}
task<std::unique_ptr<std::string>> text_later() {
    co_await pause(1ms);
    co_return std::make_unique<std::string>("text");
}
task<> fail_later() {
    co_await pause(1ms);
    throw std::runtime_error("later");
}

pieces with_waits() {
    co_yield "a";
    co_yield concat(co_await add_later(1, 2));
    co_await pause(1ms);
    auto const text = co_await text_later();
    co_yield *text;
    std::string caught;
    try {
        co_await fail_later();
    } catch (std::runtime_error const &e) {
        caught = e.what();
    }
    co_yield caught;
    co_await pause(1ms);
}

pieces that_fails() {
    co_yield "before";
    throw std::runtime_error("failed");
}

// Counts how many of it there are.
struct counted {
    explicit counted(int &n) : alive(n) { ++alive; }
    counted(counted const &o) : alive(o.alive) { ++alive; }
    counted &operator=(counted const &) = delete;
    ~counted() { --alive; }
    int &alive;
};

pieces that_holds(counted held) {
    counted const local(held);
    co_yield std::string("one, which is too long to be stored within a string");
    co_await pause(1ms);
    co_yield "two";
}

pieces large(request &, std::size_t size) {
    std::string text(size, 'x');
    co_yield text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(generator_)

BOOST_AUTO_TEST_CASE(what_is_yielded_without_a_wait_comes_together) {
    BOOST_TEST(read(stream(count(3))) == parts{"0,1,2,"}, boost::test_tools::per_element());
    BOOST_TEST(read(stream(count(0))).empty());
}

BOOST_AUTO_TEST_CASE(it_does_not_run_far_ahead) {
    auto const all = read(stream(count(10'000)));
    BOOST_TEST(all.size() == 3U); // 48,890 bytes
    for (auto const &one : all) BOOST_TEST(one.size() < 17U * 1024);
    std::string joined;
    for (auto const &one : all) joined += one;
    BOOST_TEST(joined.size() == 48'890U);
    BOOST_TEST(joined.ends_with("9998,9999,"));
}

BOOST_AUTO_TEST_CASE(what_is_yielded_comes_before_a_wait_and_waits_give_values_and_exceptions) {
    BOOST_TEST(read(stream(with_waits())) == (parts{"a", "3", "text", "later"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_was_yielded_before_an_exception_is_not_lost) {
    auto rs = stream(that_fails());
    parts all;
    BOOST_CHECK_EXCEPTION(run(read_all(*rs.stream(), all)), std::runtime_error,
                          [](std::runtime_error const &e) { return e.what() == "failed"s; });
    BOOST_TEST(all == parts{"before"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_it_throws_before_it_waits_or_yields_is_thrown_to_the_handler) {
    auto const refused = []() -> pieces {
        throw http_error(404);
        co_yield "never";
    };
    BOOST_CHECK_EXCEPTION((void)stream(refused()), http_error, [](http_error const &e) { return e.status() == 404; });
    BOOST_CHECK_THROW((void)outcome(refused()), http_error);
}

BOOST_AUTO_TEST_CASE(what_it_holds_is_destroyed_once_wherever_it_has_stopped) {
    int alive = 0;
    { // before it starts
        auto const one = that_holds(counted(alive));
        BOOST_TEST(alive == 1);
    }
    BOOST_TEST(alive == 0);
    { // after its start
        auto const rs = stream(that_holds(counted(alive)));
        BOOST_TEST(alive == 2);
    }
    BOOST_TEST(alive == 0);
    { // after the first piece
        auto rs = stream(that_holds(counted(alive)));
        run([](body_stream &from) -> task<> { (void)co_await from.next(); }(*rs.stream()));
        BOOST_TEST(alive == 2);
    }
    BOOST_TEST(alive == 0);
    { // while it waits
        auto rs = stream(that_holds(counted(alive)));
        boost::asio::io_context context{1};
        parts all;
        boost::asio::co_spawn(context, read_all(*rs.stream(), all), [](std::exception_ptr const &) {});
        while (all.empty()) context.run_one();
    }
    BOOST_TEST(alive == 0);
    BOOST_TEST(read(stream(that_holds(counted(alive)))).size() == 2U);
    BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(a_large_piece_is_counted_in_the_account_of_the_request_until_the_next_one) {
    quota all(1 << 20);
    service_context context;
    context.body_memory = &all;
    fake_request rq("GET", "/", {}, {}, context);
    auto rs = stream(large(rq, 100'000));
    run([](request &of, body_stream &from) -> task<> {
        (void)co_await from.next();
        BOOST_TEST(of.held_memory() == 100'000U);
        (void)co_await from.next();
        BOOST_TEST(of.held_memory() == 0U);
    }(rq, *rs.stream()));
    BOOST_CHECK_THROW((void)stream(large(rq, 2 << 20)), http_error);
}

BOOST_AUTO_TEST_CASE(the_type_of_the_content_is_that_of_the_format_or_a_given_one) {
    BOOST_TEST(stream(count(1)).content_type_literal() == "text/plain; charset=utf-8");
    BOOST_TEST(stream(count(1), "text/csv; charset=utf-8").content_type_literal() == "text/csv; charset=utf-8");
    outcome made = count(1);
    BOOST_REQUIRE(made.value() != nullptr);
    BOOST_TEST(!made.value()->stream()->length());
    BOOST_TEST(!made.value()->stream()->is_endless());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(events_)

BOOST_AUTO_TEST_CASE(an_event_becomes_its_fields) {
    struct {
        event one;
        std::string_view bytes;
    } const cases[] = {
        {event("a"), "data: a\n\n"},
        {event("a").with_type("price").with_id("7"), "event: price\nid: 7\ndata: a\n\n"},
        {event("a").with_retry(3s), "retry: 3000\ndata: a\n\n"},
        {event("a\nb\r\nc\rd"), "data: a\ndata: b\ndata: c\ndata: d\n\n"},
        {event("\n"), "data: \ndata: \n\n"},
        {event("a\n\nid: 9\r\revent: x"), "data: a\ndata: \ndata: id: 9\ndata: \ndata: event: x\n\n"},
        {event(": no comment"), "data: : no comment\n\n"},
        {event().with_type("ping"), "event: ping\ndata: \n\n"},
        {event().with_id("7"), "id: 7\n\n"},
        {event(), "\n"},
    };
    for (auto const &c : cases) {
        std::string out = "before";
        event_format::append(out, c.one);
        BOOST_TEST(out == concat("before", c.bytes));
    }
}

BOOST_AUTO_TEST_CASE(a_type_or_an_id_that_would_begin_another_field_is_refused) {
    event const cases[] = {
        event("a").with_type("x\ndata: b"), event("a").with_type("x\ry"),  event("a").with_id("1\n2"),
        event("a").with_id("1\r2"),         event("a").with_id("1\0002"s),
    };
    for (auto const &c : cases) {
        std::string out = "before";
        BOOST_CHECK_THROW(event_format::append(out, c), std::invalid_argument);
        BOOST_TEST(out == "before");
    }
}

BOOST_AUTO_TEST_CASE(a_stream_of_events_is_endless_and_stored_nowhere) {
    auto const rs = stream([]() -> events { co_yield event("a"); }());
    BOOST_TEST(rs.stream()->is_endless());
    BOOST_TEST(rs.content_type_literal() == "text/event-stream");
    BOOST_TEST(rs.get("Cache-Control") == "no-store");
    BOOST_TEST(rs.get("X-Accel-Buffering") == "no");
}

BOOST_AUTO_TEST_SUITE_END()
