// Layers around handlers and apps.
#include "phial/http/http_error.hpp"
#include "phial/http/layer.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

task<response> hello(request &) { co_return text("hello"); }

task<response> refuse(request &rq) { co_return text("refused").status(rq.notes.refused.status); }

task<response> fail(request &) {
    throw http_error(404, "failed");
    co_return response();
}

// What it is bound to goes around the body.
task<response> marked(std::string const &mark, handler const &next, request &rq) {
    auto rs = co_await next(rq);
    rs.body() = concat(mark, "(", rs.body(), ")");
    co_return rs;
}

task<response> closed(handler const &, request &) { co_return response(403); }

task<response> mending(handler const &next, request &rq) {
    std::string what;
    try {
        co_return co_await next(rq);
    } catch (http_error const &e) {
        what = e.what();
    }
    co_return text("mended: ", what);
}

// No coroutine: it throws when it is called, not when it is awaited.
task<response> failing_at_once(handler const &, request &) { throw http_error(418, "at once"); }

// Functions that give an outcome.
outcome letting_in(bool const &open, handler const &next, request &rq) {
    if (!open) return http_error(403, "closed");
    return next.call(rq);
}

outcome unless_posted(handler const &next, request &rq) {
    if (rq.effective_method() == method::post) return marked(rq.notes.user, next, rq);
    return next.call(rq);
}

response at_once(request &) { return text("at once"); }

task<response> counting(int &calls, std::string_view word, handler const &next, request &rq) {
    ++calls;
    auto rs = co_await next(rq);
    co_return std::move(rs).set("X-Word", word);
}

struct describing {
    task<response> operator()(std::string const &realm, handler const &next, request &rq) const {
        auto rs = co_await next(rq);
        co_return std::move(rs).set("X-Realm", realm);
    }
    static std::vector<layer_fact> facts(std::string const &realm) { return {{"security", realm}, {"other", ""}}; }
};

std::string const a = "a";
std::string const b = "b";

} // namespace

BOOST_AUTO_TEST_SUITE(layers)

BOOST_AUTO_TEST_CASE(the_layer_that_is_added_last_is_outermost) {
    fake_request rq("GET", "/");
    BOOST_TEST(call(with(hello, marked, a), rq).body() == "a(hello)");
    BOOST_TEST(call(with(with(hello, marked, a), marked, b), rq).body() == "b(a(hello))");
}

BOOST_AUTO_TEST_CASE(a_layer_may_respond_alone_and_catch_what_is_thrown_and_throw) {
    fake_request rq("GET", "/");
    BOOST_TEST(call(with(hello, closed), rq).status() == 403U);
    BOOST_TEST(call(with(fail, mending), rq).body() == "mended: failed");
    BOOST_TEST(call(with(with(hello, failing_at_once), mending), rq).body() == "mended: at once");
    BOOST_CHECK_EXCEPTION((void)call(with(fail, marked, a), rq), http_error,
                          [](http_error const &e) { return e.status() == 404; });
}

BOOST_AUTO_TEST_CASE(a_layer_that_gives_an_outcome_needs_no_task) {
    fake_request rq("GET", "/");
    bool open = true;
    handler const h = with(at_once, letting_in, open);
    auto result = h.call(rq);
    BOOST_REQUIRE(result.value() != nullptr);
    BOOST_TEST(result.value()->body() == "at once");
    BOOST_TEST((with(hello, letting_in, open).call(rq).pending() != nullptr));
    open = false;
    auto refused = h.call(rq);
    BOOST_REQUIRE(refused.error() != nullptr);
    BOOST_TEST(refused.error()->status() == 403U);
}

BOOST_AUTO_TEST_CASE(layers_of_both_kinds_go_around_each_other) {
    fake_request rq("GET", "/");
    bool open = true;
    BOOST_TEST(call(with(with(hello, letting_in, open), marked, a), rq).body() == "a(hello)");
    BOOST_TEST(call(with(with(hello, marked, a), letting_in, open), rq).body() == "a(hello)");
    open = false;
    BOOST_TEST(call(with(with(hello, letting_in, open), mending), rq).body() == "mended: closed");
    BOOST_CHECK_THROW((void)call(with(with(hello, marked, a), letting_in, open), rq), http_error);
}

BOOST_AUTO_TEST_CASE(a_layer_may_give_a_task_for_some_requests_only) {
    fake_request got("GET", "/");
    fake_request posted("POST", "/");
    posted->notes.user = "p";
    handler const h = with(at_once, unless_posted);
    BOOST_TEST((h.call(got).value() != nullptr && h.call(posted).pending() != nullptr));
    BOOST_TEST(call(h, got).body() == "at once");
    BOOST_TEST(call(h, posted).body() == "p(at once)");
}

BOOST_AUTO_TEST_CASE(what_is_bound_is_passed_by_reference_and_a_literal_may_be) {
    fake_request rq("GET", "/");
    int calls = 0;
    handler const h = with(hello, counting, calls, "word");
    BOOST_TEST(call(h, rq).get("X-Word") == "word");
    BOOST_TEST(call(h, rq).body() == "hello");
    BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(a_layer_of_an_app_sees_refusals_only_when_it_is_marked_for_them) {
    fake_request rq("GET", "/");
    fake_request refused("GET", "/");
    refused->notes.refused = {501, "no"};
    auto const plain = with(app{hello, refuse}, marked, a);
    BOOST_TEST(call(plain, rq).body() == "a(hello)");
    BOOST_TEST(run(plain.refuse(refused)).body() == "refused");
    auto const both = with(with(app{hello, refuse}, also_on_refusals(marked), a), marked, b);
    BOOST_TEST(call(both, rq).body() == "b(a(hello))");
    auto const rs = run(both.refuse(refused));
    BOOST_TEST(rs.body() == "a(refused)");
    BOOST_TEST(rs.status() == 501U);
}

BOOST_AUTO_TEST_CASE(a_bound_layer_wraps_several_handlers_and_describes_itself) {
    fake_request rq("GET", "/");
    auto const silent = bind_layer(marked, a);
    BOOST_TEST(silent.facts.empty());
    BOOST_TEST(call(silent.wrap(hello), rq).body() == "a(hello)");
    BOOST_TEST(call(silent.wrap(silent.wrap(hello)), rq).body() == "a(a(hello))");
    auto const known = bind_layer(describing(), b);
    BOOST_TEST((known.facts == std::vector<layer_fact>{{"security", "b"}, {"other", ""}}));
    BOOST_TEST(call(known.wrap(hello), rq).get("X-Realm") == "b");
}

BOOST_AUTO_TEST_SUITE_END()
