// Handlers of any kind, called with what the path held and what was bound.
#include "phial/routing/route_handler.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

namespace {

task<response> plain(request &) { co_return text("plain"); }

task<response> all_kinds(request &, std::string_view a, std::int64_t b, double c, std::string_view d) {
    co_return text(a, "|", b, "|", c, "|", d);
}

task<response> by_const_request(request const &rq) { co_return text(rq.path()); }

task<response> with_bound(std::string &log, int const &factor, request &, std::int64_t n) {
    log += "called";
    co_return text(n * factor);
}

struct counter {
    std::unique_ptr<std::string> name; // handlers take what only moves
    task<response> operator()(request &) const { return answer(*name); }
    static task<response> answer(std::string const &s) { co_return text(s); }
};

std::string answer(route_handler const &v, path_values const &values = {}) {
    fake_request rq("GET", "/x");
    return run(outcome::as_task(v.call(rq, values), rq)).body();
}

} // namespace

BOOST_AUTO_TEST_SUITE(route_handlers)

BOOST_AUTO_TEST_CASE(a_handler_gets_the_values_in_order_and_converted) {
    path_values values;
    values.push_back({"x", 0, 0});
    values.push_back({"42", 42, 0});
    values.push_back({"1.5", 0, 1.5});
    values.push_back({"p/q", 0, 0});
    BOOST_TEST(answer(*make_route_handler<"/<a>/<int:b>/<float:c>/<path:d>">(all_kinds), values) == "x|42|1.5|p/q");
}

BOOST_AUTO_TEST_CASE(handlers_may_be_functions_lambdas_and_objects) {
    BOOST_TEST(answer(*make_route_handler<"/">(plain)) == "plain");
    BOOST_TEST(answer(*make_route_handler<"/">(&plain)) == "plain");
    BOOST_TEST(answer(*make_route_handler<"/">([](request &) -> task<response> { co_return text("lambda"); })) ==
               "lambda");
    BOOST_TEST(answer(*make_route_handler<"/">([](request &) { return text("at once"); })) == "at once");
    BOOST_TEST(answer(*make_route_handler<"/">(counter{std::make_unique<std::string>("object")})) == "object");
}

BOOST_AUTO_TEST_CASE(a_handler_may_take_a_const_request) {
    BOOST_TEST(answer(*make_route_handler<"/">(by_const_request)) == "/x");
}

BOOST_AUTO_TEST_CASE(bound_arguments_are_passed_by_reference_before_the_request) {
    std::string log;
    int const factor = 3;
    path_values values;
    values.push_back({"14", 14, 0});
    auto const v = make_route_handler<"/<int:n>">(with_bound, log, factor);
    BOOST_TEST(answer(*v, values) == "42");
    BOOST_TEST(answer(*v, values) == "42");
    BOOST_TEST(log == "calledcalled");
}

BOOST_AUTO_TEST_SUITE_END()
