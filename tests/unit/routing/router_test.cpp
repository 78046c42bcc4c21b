// Which route a request gets, and what it gets when there is none.
#include "unit/routing/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

namespace {

handler sample() {
    blueprint bp;
    bp.get<"/">(say<"root">);
    bp.get<"/a">(say<"a">);
    bp.get<"/v/new">(say<"literal">);
    bp.get<"/v/<int:n>">(say_int);
    bp.get<"/v/<float:x>">(say_float);
    bp.get<"/v/<s>">(say_text<"text">);
    bp.get<"/v/<path:p>">(say_text<"path">);
    bp.get<"/i/<int:n>">(say_int);
    bp.get<"/f/<float:x>">(say_float);
    bp.get<"/t/<s>">(say_text<"text">);
    bp.get<"/p/<path:p>">(say_text<"path">);
    bp.get<"/closed/">(say<"closed">);
    bp.post<"/a">(say<"posted">);
    bp.post<"/v/<s>/edit">(say_text<"edit">);
    bp.put<"/v/new">(say<"put new">);
    bp.delete_<"/v/<int:n>">(say_int);
    bp.post<"/only/post">(say<"post">);
    return routed(std::move(bp));
}

} // namespace

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

BOOST_AUTO_TEST_CASE(dot_segments_are_not_folded) {
    auto const h = sample();
    BOOST_TEST(ask(h, "GET", "/v/../a") == "200 path=../a");
    BOOST_TEST(ask(h, "GET", "/t/..") == "200 text=..");
    BOOST_TEST(ask(h, "GET", "/t/%2E") == "200 text=.");
}

BOOST_AUTO_TEST_CASE(paths_are_decoded_once_before_they_are_matched) {
    auto const h = sample();
    struct {
        std::string target, answer;
    } const cases[] = {
        {"/%61", "200 a"},
        {"/t/%2561", "200 text=%61"},
        {"/t/a%20b+c", "200 text=a b+c"},
        {"/t/%C3%A9", "200 text=\u00E9"},
        {"/t/\xC3\xA9", "200 text=\u00E9"},
        {"/t/%FF", "200 text=\uFFFD"},
        {"/t/%zz", "200 text=%zz"},
        {"/t/a%3Fb", "200 text=a?b"},
        {"/i/%31", "200 int=1"},
        {"/t%2Fa", "200 text=a"},
        {"/t/a%2Fb", "404"},
        {"/p/a%2Fb", "200 path=a/b"},
        {"/p/a%2f%2Fb", "200 path=a//b"},
        {"/p/%2Fa", "308 /p/a"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.target) BOOST_TEST(ask(h, "GET", c.target) == c.answer);
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

BOOST_AUTO_TEST_CASE(doubled_slashes_in_the_way_are_redirected_away) {
    auto const h = sample();
    struct {
        std::string target, answer;
    } const cases[] = {
        {"//a", "308 /a"},
        {"/t//x", "308 /t/x"},
        {"///t////x", "308 /t/x"},
        {"/closed//", "308 /closed/"},
        {"//", "308 /"},
        {"//t/a%20b%3F%25%22%C3%A9", "308 /t/a%20b%3F%25%22%C3%A9"},
        {"//a?", "308 /a"},
        {"//a?x=1&y=%20+2%zz", "308 /a?x=1&y=%20+2%zz"},
        {"//a?x=//b", "308 /a?x=//b"},
        {"//a?q=\"<>\\^`{|}", "308 /a?q=%22%3C%3E%5C%5E%60%7B%7C%7D"},
        {"//a?q=\xC3\xA9", "308 /a?q=%C3%A9"},
        {"/p//a//b", "308 /p/a/b"},
        {"//p/a/b", "308 /p/a/b"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.target) BOOST_TEST(ask(h, "GET", c.target) == c.answer);
}

BOOST_AUTO_TEST_CASE(path_values_keep_their_doubled_slashes) {
    auto const h = sample();
    BOOST_TEST(ask(h, "GET", "/p/a//b") == "200 path=a//b");
    BOOST_TEST(ask(h, "GET", "/p/a//") == "200 path=a//");
    BOOST_TEST(ask(h, "GET", "/p/http://h/x") == "200 path=http://h/x");
}

BOOST_AUTO_TEST_CASE(doubled_slashes_are_not_an_excuse_for_what_does_not_exist) {
    auto const h = sample();
    BOOST_TEST(ask(h, "GET", "//nothing") == "404");
    BOOST_TEST(ask(h, "GET", "//a/") == "404");
    BOOST_TEST(ask(h, "PUT", "//a") == "405 Allow: GET, HEAD, POST, OPTIONS");
    BOOST_TEST(ask(h, "OPTIONS", "//a") == "200 Allow: GET, HEAD, POST, OPTIONS");
    BOOST_TEST(ask(h, "POST", "//a") == "308 /a");
}

BOOST_AUTO_TEST_CASE(no_redirect_leads_to_another_host) {
    blueprint bp;
    bp.get<"/<path:p>">(say_text<"path">);
    bp.get<"/<a>/<int:n>/edit">(
        [](request &, std::string_view a, std::int64_t) -> task<response> { co_return text(a); });
    auto const h = routed(std::move(bp));
    struct {
        std::string target, answer;
    } const cases[] = {
        {"//evil.example/x", "308 /evil.example/x"},
        {"///evil.example/x", "308 /evil.example/x"},
        {"/%2Fevil.example/x", "308 /evil.example/x"},
        {"/%2F%2fevil.example", "308 /evil.example"},
        {"//\\evil.example", "308 /%5Cevil.example"},
        {"//%5Cevil.example", "308 /%5Cevil.example"},
        {"//%09/evil.example", "308 /%09/evil.example"},
        {"//%0D%0ALocation:%20http://evil.example", "308 /%0D%0ALocation:%20http:/evil.example"},
        {"//http://evil.example", "308 /http:/evil.example"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.target) BOOST_TEST(ask(h, "GET", c.target) == c.answer);
}

BOOST_AUTO_TEST_CASE(absolute_targets_are_routed_by_their_path) {
    auto const h = sample();
    BOOST_TEST(ask(h, "GET", "http://other.example/a?x") == "200 a");
    BOOST_TEST(ask(h, "GET", "http://other.example") == "200 root");
    BOOST_TEST(ask(h, "GET", "http://other.example//a") == "308 /a");
}

BOOST_AUTO_TEST_CASE(a_prefix_goes_before_every_pattern_of_its_blueprint) {
    blueprint shop("/shop");
    shop.get<"/">(say<"index">);
    shop.get<"/<s>">(say_text<"item">);
    blueprint deep("/shop/old/\u00E9");
    deep.get<"/x">(say<"old x">);
    blueprint plain;
    plain.get<"/shop">(say<"plain">);
    auto const h = routed(std::move(shop), std::move(deep), std::move(plain));
    BOOST_TEST(ask(h, "GET", "/shop/") == "200 index");
    BOOST_TEST(ask(h, "GET", "/shop/tea") == "200 item=tea");
    BOOST_TEST(ask(h, "GET", "/shop/old/%C3%A9/x") == "200 old x");
    BOOST_TEST(ask(h, "GET", "/shop") == "200 plain");
    BOOST_TEST(ask(h, "GET", "/tea") == "404");
}

// Mounted in no order, of several sizes, and one the beginning of another.
BOOST_AUTO_TEST_CASE(each_of_many_addresses_is_found) {
    constexpr std::size_t count = 300;
    auto const name = [](std::size_t n) { return "/group" + std::to_string(n); };
    router r;
    for (std::size_t i = 0; i < count; ++i) {
        blueprint bp(name(i * 7 % count));
        bp.get<"/a">(say<"a">);
        bp.get<"/ab">(say<"ab">);
        r.mount(std::move(bp));
    }
    handler const h = std::move(r);
    for (std::size_t i = 0; i < count; ++i) {
        BOOST_TEST(ask(h, "GET", name(i) + "/a") == "200 a");
        BOOST_TEST(ask(h, "GET", name(i) + "/ab") == "200 ab");
        BOOST_TEST(ask(h, "GET", name(i) + "/abc") == "404");
    }
    for (auto const *other : {"/group", "/group300", "/group0x", "/grouq1", "/Group1", "/", "/xgroup1"})
        BOOST_TEST(ask(h, "GET", std::string(other) + "/a") == "404", other);
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

BOOST_AUTO_TEST_CASE(names_are_unique_among_all_addresses) {
    constexpr route<"/a", "name"> first;
    constexpr route<"/b", "name"> second;
    constexpr route<"/a", "other name"> renamed;
    auto const one = [](auto r, std::string prefix = {}) {
        blueprint bp(std::move(prefix));
        bp.get(r, say<"x">);
        return bp;
    };
    BOOST_CHECK_EXCEPTION(routed(one(first), one(second)), std::invalid_argument, [](std::invalid_argument const &e) {
        std::string_view const what = e.what();
        return what.find("'name'") != what.npos && what.find("/a") != what.npos && what.find("/b") != what.npos;
    });
    BOOST_CHECK_THROW(routed(one(first), one(first, "/v2")), std::invalid_argument);
    BOOST_CHECK_THROW(routed(one(first), one(renamed)), std::invalid_argument); // GET /a twice

    blueprint both;
    both.get(first, say<"get">);
    both.post(first, say<"post">);
    auto const h = routed(std::move(both));
    BOOST_TEST(ask(h, "GET", "/a") == "200 get");
    BOOST_TEST(ask(h, "POST", "/a") == "200 post");
}

BOOST_AUTO_TEST_CASE(a_method_and_address_have_one_handler) {
    auto const mounting = [](void (*add)(blueprint &), std::string prefix = {}) {
        blueprint taken;
        taken.get<"/a/<int:n>">(say_int);
        taken.post<"/b">(say<"b">);
        blueprint more(std::move(prefix));
        add(more);
        routed(std::move(taken), std::move(more));
    };
    BOOST_CHECK_THROW(mounting([](blueprint &bp) { bp.get<"/a/<int:n>">(say_int); }), std::invalid_argument);
    BOOST_CHECK_THROW(mounting([](blueprint &bp) { bp.get<"/a/<int:other>">(say_int); }), std::invalid_argument);
    BOOST_CHECK_THROW(mounting([](blueprint &bp) { bp.get<"/<int:n>">(say_int); }, "/a"), std::invalid_argument);
    BOOST_CHECK_THROW(mounting([](blueprint &bp) { bp.route<"/b">({method::put, method::post}, say<"b">); }),
                      std::invalid_argument);
    BOOST_CHECK_THROW(mounting([](blueprint &bp) { bp.route<"/a/<int:n>">({method::head}, say_int); }),
                      std::invalid_argument); // GET has brought it
    BOOST_CHECK_NO_THROW(mounting([](blueprint &bp) { bp.get<"/a/<n>">(say_text<"text">); }));
    BOOST_CHECK_NO_THROW(mounting([](blueprint &bp) { bp.get<"/b">(say<"b">); }));
    BOOST_CHECK_NO_THROW(mounting([](blueprint &bp) { bp.get<"/a/<int:n>">(say_int); }, "/v2"));
    BOOST_CHECK_EXCEPTION(mounting([](blueprint &bp) { bp.post<"/b">(say<"b">); }), std::invalid_argument,
                          [](auto const &e) { return std::string(e.what()).find("POST /b") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(a_handler_that_could_never_be_reached_is_refused) {
    for (auto const allowed : {methods{method::head}, methods{method::post, method::head}, methods{method::connect}}) {
        BOOST_TEST_CONTEXT(allowed.to_string()) {
            blueprint bp;
            bp.route<"/x">(allowed, [](request &) -> task<response> { co_return text(); });
            router routes;
            BOOST_CHECK_THROW(routes.mount(std::move(bp)), std::invalid_argument);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_empty_pattern_is_the_prefix_itself) {
    blueprint bp("/books");
    bp.get<"">(say<"all">);
    bp.get<"/">(say<"slash">);
    bp.get<"/<int:n>">(say_int);
    handler const served = routed(std::move(bp));
    auto const body_of = [&](std::string target) {
        fake_request rq("GET", std::move(target));
        return call(served, rq).body();
    };
    BOOST_TEST(body_of("/books") == "all");
    BOOST_TEST(body_of("/books/") == "slash");
    BOOST_TEST(body_of("/books/7") == "int=7");
    blueprint without_prefix;
    without_prefix.get<"">(say<"all">);
    BOOST_CHECK_THROW(routed(std::move(without_prefix)), std::invalid_argument);
}

struct wanted {
    int n;
};

BOOST_AUTO_TEST_CASE(a_body_is_for_methods_that_have_one) {
    auto const mounting = [](methods allowed) {
        blueprint bp;
        bp.route<"/x">(allowed, [](request &, body<wanted>) -> task<response> { co_return text(); });
        router routes;
        routes.mount(std::move(bp));
    };
    BOOST_CHECK_EXCEPTION(mounting({method::get}), std::invalid_argument, [](std::invalid_argument const &e) {
        return std::string_view(e.what()) ==
               "/x: its handler declares a body, and of GET only POST, PUT and PATCH have one";
    });
    BOOST_CHECK_THROW(mounting({method::get, method::post}), std::invalid_argument);
    BOOST_CHECK_NO_THROW(mounting({method::put, method::post}));
}

BOOST_AUTO_TEST_CASE(an_empty_router_knows_no_path) {
    auto const h = routed();
    BOOST_TEST(ask(h, "GET", "/") == "404");
    BOOST_TEST(ask(h, "GET", "//") == "404");
    BOOST_TEST(ask(h, "OPTIONS", "*") == "200 Allow: OPTIONS");
}

BOOST_AUTO_TEST_CASE(a_redirect_leads_to_what_the_proxy_publishes) {
    blueprint bp;
    bp.get<"/a/b">([](request &) { return text("b"); });
    router routes;
    routes.mount(std::move(bp));
    service_context context;
    context.root_path = "/api";
    fake_request rq("GET", "//a///b?c=d", {}, {}, context);
    BOOST_TEST(call(std::move(routes), rq).get("Location") == "/api/a/b?c=d");
}

BOOST_AUTO_TEST_SUITE_END()
