// What a blueprint puts around its handlers: error handlers and layers.
#include "unit/routing/routes.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

task<response> fail_unexpectedly(request &) {
    throw std::runtime_error("unexpected");
    co_return text();
}

// No coroutine: it throws when it is called, not when it is awaited.
task<response> fail_at_once(request &) { throw http_error(404, "at once"); }

template <fixed_string Says>
response handled(request &, http_error const &e) {
    return text(Says.view(), ": ", e.what()).status(e.status());
}

// What it is bound to goes around the body.
task<response> marked(std::string const &mark, handler const &next, request &rq) {
    auto rs = co_await next(rq);
    rs.body() = concat(mark, "(", rs.body(), ")");
    co_return rs;
}

// Suspends, so that values that do not outlive the router's call would be gone.
task<response> twice(handler const &next, request &rq) {
    co_await boost::asio::post(use_task);
    auto const first = co_await next(rq);
    auto const second = co_await next(rq);
    co_return text(first.body(), ", ", second.body());
}

// Functions that give an outcome: one runs before any task, the other must find the values later.
outcome passing(handler const &next, request &rq) { return next.call(rq); }
outcome passing_twice(handler const &next, request &rq) {
    (void)next.call(rq);
    return next.call(rq);
}
outcome waiting_twice(handler const &next, request &rq) { return twice(next, rq); }

response say_at_once(request &, std::int64_t n) { return text("at once=", n); }

task<response> closed(handler const &, request &) {
    throw http_error(404, "closed");
    co_return response();
}

struct described {
    task<response> operator()(std::string const &, handler const &next, request &rq) const { return next(rq); }
    static std::vector<layer_fact> facts(std::string const &value) { return {{"fact", value}}; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(around_routes)

BOOST_AUTO_TEST_CASE(a_blueprints_error_handlers_handle_its_own_handlers_errors_only) {
    blueprint shop("/shop");
    shop.get<"/404">(fail<404>);
    shop.get<"/409">(fail<409>);
    shop.get<"/at-once">(fail_at_once);
    shop.error_handler(404, handled<"replaced">);
    shop.error_handler(404, handled<"shop">);
    blueprint other("/other");
    other.get<"/404">(fail<404>);
    auto const h = routed(std::move(shop), std::move(other));
    BOOST_TEST(ask(h, "GET", "/shop/404") == "404 shop: failed");
    BOOST_TEST(ask(h, "GET", "/shop/at-once") == "404 shop: at once");
    BOOST_TEST(ask(h, "GET", "/shop/409") == "409");
    BOOST_TEST(ask(h, "GET", "/shop/nothing") == "404"); // no handler of the blueprint was called
    BOOST_TEST(ask(h, "GET", "/other/404") == "404");
}

BOOST_AUTO_TEST_CASE(a_500_handler_of_a_blueprint_answers_unexpected_exceptions_and_keeps_them_for_the_log) {
    blueprint with("/with");
    with.get<"/x">(fail_unexpectedly);
    with.error_handler(500, handled<"with">);
    blueprint without("/without");
    without.get<"/x">(fail_unexpectedly);
    auto const h = routed(std::move(with), std::move(without));
    fake_request rq("GET", "/with/x");
    auto const rs = call(h, rq);
    BOOST_TEST(rs.status() == 500U);
    BOOST_TEST(rs.body() == "with: Internal Server Error");
    BOOST_TEST_REQUIRE((rq->notes.failure != nullptr));
    BOOST_CHECK_EXCEPTION(std::rethrow_exception(rq->notes.failure), std::runtime_error,
                          [](auto const &e) { return std::string_view(e.what()) == "unexpected"; });
    fake_request unhandled("GET", "/without/x");
    BOOST_CHECK_THROW((void)call(h, unhandled), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(layers_wrap_the_routes_of_a_blueprint_the_first_outermost) {
    std::string const a = "a";
    std::string const b = "b";
    std::string const c = "c";
    blueprint bp("/x");
    bp.get<"/before/<s>">(say_text<"s">);
    bp.use(marked, a);
    bp.use(marked, b);
    bp.get<"/after">(say<"after">);
    bp.get<"/own/<int:n>">(say_int).use(marked, c).use(twice);
    blueprint other;
    other.get<"/other">(say<"other">);
    auto const h = routed(std::move(bp), std::move(other));
    struct {
        std::string_view method, target, answer;
    } const cases[] = {
        {"GET", "/x/before/v", "200 a(b(s=v))"},
        {"GET", "/x/after", "200 a(b(after))"},
        {"GET", "/x/own/42", "200 a(b(c(int=42, int=42)))"},
        {"GET", "/other", "200 other"},
        {"GET", "/x/nothing", "404"},
        {"OPTIONS", "/x/after", "200 Allow: GET, HEAD, OPTIONS"},
    };
    for (auto const &t : cases) BOOST_TEST_CONTEXT(t.target)
    BOOST_TEST(ask(h, std::string(t.method), std::string(t.target)) == t.answer);
}

BOOST_AUTO_TEST_CASE(layers_that_give_an_outcome_keep_the_values_as_long_as_they_are_needed) {
    std::string const a = "a";
    blueprint bp;
    bp.get<"/at-once/<int:n>">(say_at_once).use(passing_twice).use(passing);
    bp.get<"/later/<int:n>">(say_int).use(passing).use(passing_twice);
    bp.get<"/twice/<int:n>">(say_at_once).use(passing).use(waiting_twice).use(passing);
    bp.get<"/mixed/<s>">(say_text<"s">).use(passing).use(twice).use(passing_twice).use(marked, a);
    bp.error_handler(404, handled<"x">);
    auto const h = routed(std::move(bp));
    BOOST_TEST(ask(h, "GET", "/at-once/7") == "200 at once=7");
    BOOST_TEST(ask(h, "GET", "/later/7") == "200 int=7");
    BOOST_TEST(ask(h, "GET", "/twice/7") == "200 at once=7, at once=7");
    BOOST_TEST(ask(h, "GET", "/mixed/v") == "200 a(s=v), a(s=v)");
    fake_request rq("GET", "/at-once/7");
    auto at_once = h.call(rq);
    BOOST_TEST((at_once.value() != nullptr && rq->notes.values == nullptr));
}

BOOST_AUTO_TEST_CASE(the_error_handlers_of_a_blueprint_handle_errors_of_its_layers) {
    std::string const a = "a";
    blueprint bp("/x");
    bp.use(marked, a);
    bp.get<"/inner">(fail<404>);
    bp.get<"/layer/<s>">(say_text<"s">).use(closed);
    bp.get<"/409">(fail<409>);
    bp.error_handler(404, handled<"x">);
    auto const h = routed(std::move(bp));
    BOOST_TEST(ask(h, "GET", "/x/inner") == "404 x: failed");
    BOOST_TEST(ask(h, "GET", "/x/layer/v") == "404 x: closed");
    BOOST_TEST(ask(h, "GET", "/x/409") == "409");
}

BOOST_AUTO_TEST_CASE(the_table_of_routes_has_the_facts_of_layers) {
    std::string const a = "a";
    std::string const b = "b";
    blueprint bp("/x");
    bp.post<"/<int:n>">(say_int).use(described(), b);
    bp.get<"/plain">(say<"plain">).use(marked, a);
    bp.use(described(), a);
    blueprint other;
    other.get<"/other">(say<"other">);
    router r;
    r.mount(std::move(bp)).mount(std::move(other));
    auto const routes = r.routes();
    BOOST_TEST_REQUIRE(routes.size() == 3U);
    BOOST_TEST(routes[0].pattern == "/x/<int:n>");
    BOOST_TEST(routes[0].allowed.to_string() == "POST");
    std::vector<layer_fact> const both{{"fact", "a"}, {"fact", "b"}};
    BOOST_TEST(std::ranges::equal(routes[0].facts, both));
    BOOST_TEST(routes[1].facts.size() == 1U);
    BOOST_TEST(routes[2].facts.empty());
}

BOOST_AUTO_TEST_SUITE_END()
