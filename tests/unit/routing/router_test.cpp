// Which route a request gets, and what it gets when there is none.
#include "unit/routing/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

BOOST_AUTO_TEST_SUITE(routing)

BOOST_AUTO_TEST_CASE(the_most_special_route_that_fits_answers) {
    auto const h = sample();
    struct {
        std::string target, answer;
    } const cases[] = {
        {"/", "200 root"},
        {"/a", "200 a"},
        {"/a?q=1", "200 a"},
        {"/v/new", "200 literal"},
        {"/v/7", "200 int=7"},
        {"/v/007", "200 int=7"},
        {"/v/9223372036854775807", "200 int=9223372036854775807"},
        {"/v/9223372036854775808", "200 text=9223372036854775808"},
        {"/v/7.5", "200 float=7.5"},
        {"/v/7.", "200 text=7."},
        {"/v/-7", "200 text=-7"},
        {"/v/newer", "200 text=newer"},
        {"/v/New", "200 text=New"},
        {"/v/a/b", "200 path=a/b"},
        {"/v/a/", "200 path=a/"},
        {"/v/new/x", "200 path=new/x"},
        {"/v/7/x/y", "200 path=7/x/y"},
        {"/closed/", "200 closed"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.target) BOOST_TEST(ask(h, "GET", c.target) == c.answer);
}

BOOST_AUTO_TEST_CASE(what_no_route_matches_is_404_with_any_method) {
    auto const h = sample();
    for (std::string const target : {"/nothing",
                                     "/A",
                                     "/a/",
                                     "/aa",
                                     "/closed",
                                     "/v",
                                     "/v/",
                                     "/i/",
                                     "/i/x",
                                     "/i/-1",
                                     "/i/9223372036854775808",
                                     "/i/1/",
                                     "/i/1.0",
                                     "/f/1",
                                     "/f/1.",
                                     "/f/.5",
                                     "/f/1e5",
                                     "/f/-1.0",
                                     "/t/",
                                     "/t/a/b",
                                     "/t/a/",
                                     "/p",
                                     "/p/",
                                     "/only",
                                     "/a/.",
                                     "/./a",
                                     "/only/post/x"})
        for (std::string const method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}) {
            BOOST_TEST_CONTEXT(method << " " << target) BOOST_TEST(ask(h, method, target) == "404");
        }
}

BOOST_AUTO_TEST_CASE(the_search_goes_back_to_what_also_fits) {
    blueprint bp;
    bp.get<"/a/b/c">(say<"abc">);
    bp.get<"/a/<x>/d">(say_text<"a.d">);
    bp.get<"/<x>/b/e">(say_text<"..e">);
    bp.get<"/<int:n>/x">(say_int);
    bp.get<"/<s>/y">(say_text<"text">);
    bp.get<"/<path:p>">(say_text<"path">);
    auto const h = routed(std::move(bp));
    struct {
        std::string target, answer;
    } const cases[] = {
        {"/a/b/c", "200 abc"},        {"/a/b/d", "200 a.d=b"}, {"/a/b/e", "200 ..e=a"},
        {"/a/b/f", "200 path=a/b/f"}, {"/7/x", "200 int=7"},   {"/7/y", "200 text=7"},
        {"/7/z", "200 path=7/z"},     {"/q", "200 path=q"},    {"/a/b", "200 path=a/b"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.target) BOOST_TEST(ask(h, "GET", c.target) == c.answer);
}

BOOST_AUTO_TEST_CASE(a_value_left_on_the_way_back_is_not_passed_on) {
    auto const two = [](request &, std::string_view a, std::string_view b) -> task<response> {
        co_return text(a, ",", b);
    };
    auto const numbers = [](request &, std::int64_t a, std::int64_t b) -> task<response> { co_return text(a * b); };
    blueprint bp;
    bp.get<"/<int:a>/<int:b>/x">(numbers);
    bp.get<"/<a>/<b>/y">(two);
    auto const h = routed(std::move(bp));
    BOOST_TEST(ask(h, "GET", "/6/7/x") == "200 42");
    BOOST_TEST(ask(h, "GET", "/6/7/y") == "200 6,7");
    BOOST_TEST(ask(h, "GET", "/6/7/z") == "404");
}

BOOST_AUTO_TEST_CASE(a_method_the_address_lacks_is_405_with_the_methods_of_all_routes_that_match) {
    auto const h = sample();
    struct {
        std::string method, target, answer;
    } const cases[] = {
        {"PUT", "/a", "405 Allow: GET, HEAD, POST, OPTIONS"},
        {"TRACE", "/a", "405 Allow: GET, HEAD, POST, OPTIONS"},
        {"GET", "/only/post", "405 Allow: POST, OPTIONS"},
        {"HEAD", "/only/post", "405 Allow: POST, OPTIONS"},
        {"PATCH", "/v/new", "405 Allow: GET, HEAD, PUT, OPTIONS"},
        {"PATCH", "/v/7", "405 Allow: GET, HEAD, DELETE, OPTIONS"},
        {"PATCH", "/v/x/edit", "405 Allow: GET, HEAD, POST, OPTIONS"},
        {"POST", "/v/x", "405 Allow: GET, HEAD, OPTIONS"},
    };
    for (auto const &c : cases)
        BOOST_TEST_CONTEXT(c.method << " " << c.target) BOOST_TEST(ask(h, c.method, c.target) == c.answer);
}

BOOST_AUTO_TEST_CASE(a_route_with_the_method_is_found_after_one_without_it) {
    auto const h = sample();
    BOOST_TEST(ask(h, "PUT", "/v/new") == "200 put new");
    BOOST_TEST(ask(h, "DELETE", "/v/12") == "200 int=12");
    BOOST_TEST(ask(h, "POST", "/v/7/edit") == "200 edit=7");
    BOOST_TEST(ask(h, "GET", "/v/7/edit") == "200 path=7/edit");
}

BOOST_AUTO_TEST_CASE(head_is_routed_as_get) {
    auto const h = sample();
    BOOST_TEST(ask(h, "HEAD", "/v/7") == "200 int=7");
}

BOOST_AUTO_TEST_CASE(options_answers_the_methods_with_an_empty_body_and_calls_no_handler) {
    auto const h = sample();
    struct {
        std::string target, answer;
    } const cases[] = {
        {"/a", "200 Allow: GET, HEAD, POST, OPTIONS"},
        {"/only/post", "200 Allow: POST, OPTIONS"},
        {"/v/7", "200 Allow: GET, HEAD, DELETE, OPTIONS"},
        {"*", "200 Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.target) BOOST_TEST(ask(h, "OPTIONS", c.target) == c.answer);
    fake_request rq("OPTIONS", "/a");
    auto const rs = call(h, rq);
    BOOST_TEST(rs.body().empty());
    BOOST_TEST((rs.stream() == nullptr));
}

BOOST_AUTO_TEST_CASE(a_route_may_respond_to_options_itself) {
    blueprint bp;
    bp.route<"/x">({method::options}, say<"mine">);
    BOOST_TEST(ask(routed(std::move(bp)), "OPTIONS", "/x") == "200 mine");
}

BOOST_AUTO_TEST_CASE(the_request_knows_its_route_as_registered) {
    auto const tell = [](request &rq, std::int64_t) -> task<response> {
        co_return text(rq.notes.route, rq.notes.urls == nullptr ? " without urls" : "");
    };
    blueprint bp("/shop");
    bp.get<"/items/<int:n>">(tell);
    BOOST_TEST(ask(routed(std::move(bp)), "GET", "/shop/items/3") == "200 /shop/items/<int:n>");
}

BOOST_AUTO_TEST_CASE(a_request_without_a_route_has_the_addresses_all_the_same) {
    auto const h = sample();
    fake_request rq("GET", "/nothing");
    BOOST_CHECK_THROW((void)call(h, rq), http_error);
    BOOST_TEST(rq->notes.route == "");
    BOOST_TEST((rq->notes.urls != nullptr)); // the app's 404 page may link to routes
}

BOOST_AUTO_TEST_SUITE_END()
