// What of a path counts: its encoding, its slashes, what a proxy puts before it.
#include "unit/routing/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

BOOST_AUTO_TEST_SUITE(routed_paths)

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

BOOST_AUTO_TEST_CASE(absolute_targets_are_routed_by_their_path) {
    auto const h = sample();
    BOOST_TEST(ask(h, "GET", "http://other.example/a?x") == "200 a");
    BOOST_TEST(ask(h, "GET", "http://other.example") == "200 root");
    BOOST_TEST(ask(h, "GET", "http://other.example//a") == "308 /a");
}

BOOST_AUTO_TEST_SUITE_END()
