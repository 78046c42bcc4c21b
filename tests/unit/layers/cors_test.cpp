// The CORS protocol (Fetch standard 3.2).
#include "phial/errors/handle_errors.hpp"
#include "phial/layers/cors.hpp"
#include "phial/routing/router.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

using namespace phial;
using namespace phial::testing;

namespace {

task<response> hello(request &) { co_return text("hello"); }
outcome closed(handler const &, request &) { return http_error(401); }

struct fixture {
    app served(std::string_view origins) {
        blueprint bp;
        bp.get<"/hello">(hello);
        bp.put<"/hello">(hello);
        bp.get<"/closed">(hello).use(closed);
        router routes;
        routes.mount(std::move(bp));
        return with(handle_errors({}, log, std::move(routes)), also_on_refusals(cors(allowed_origins(origins))));
    }

    memory_log records;
    logger log{records, severity::critical};
};

constexpr char shop[] = "https://shop.example";
fake_request::headers from(std::string origin) { return {{"Origin", std::move(origin)}}; }
fake_request::headers preflight(std::string origin, std::string method, std::string fields = {}) {
    fake_request::headers lines{{"Origin", std::move(origin)}, {"Access-Control-Request-Method", std::move(method)}};
    if (!fields.empty()) lines.emplace_back("Access-Control-Request-Headers", std::move(fields));
    return lines;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(cross_origin, fixture)

BOOST_AUTO_TEST_CASE(a_named_origin_may_read_with_credentials) {
    auto const a = served("https://shop.example, http://localhost:3000");
    for (std::string const origin : {shop, "http://localhost:3000"}) {
        auto const rs = test_client(a).get("/hello", from(origin));
        BOOST_TEST(rs.body() == "hello");
        BOOST_TEST(rs.get("Access-Control-Allow-Origin") == origin);
        BOOST_TEST(rs.get("Access-Control-Allow-Credentials") == "true");
        BOOST_TEST(rs.get("Access-Control-Expose-Headers").find("ETag") != std::string::npos);
        BOOST_TEST(rs.get("Vary") == "Origin");
    }
}

BOOST_AUTO_TEST_CASE(another_origin_is_served_and_may_not_read) {
    auto const a = served(shop);
    for (std::string const origin : {"https://other.example", "http://shop.example", "https://shop.example:8443",
                                     "https://SHOP.example", "null"}) {
        BOOST_TEST_CONTEXT(origin) {
            auto const rs = test_client(a).get("/hello", from(origin));
            BOOST_TEST(rs.body() == "hello");
            BOOST_TEST(rs.get("Access-Control-Allow-Origin") == "");
            BOOST_TEST(rs.get("Vary") == "Origin"); // a cache must not give this to a page of the shop
        }
    }
    BOOST_TEST(test_client(a).get("/hello").get("Vary") == "Origin");
}

BOOST_AUTO_TEST_CASE(any_origin_may_read_without_credentials) {
    auto const a = served("*");
    auto const rs = test_client(a).get("/hello", from("https://any.example"));
    BOOST_TEST(rs.get("Access-Control-Allow-Origin") == "*");
    BOOST_TEST(rs.get("Access-Control-Allow-Credentials") == "");
    BOOST_TEST(rs.get("Vary") == "");
}

BOOST_AUTO_TEST_CASE(a_preflight_has_the_methods_of_the_route_table) {
    auto const a = served(shop);
    auto const rs = test_client(a).send("OPTIONS", "/hello", preflight(shop, "PUT", "content-type, x-word"));
    BOOST_TEST(rs.status() == 204U);
    BOOST_TEST(rs.get("Access-Control-Allow-Methods") == "GET, HEAD, PUT, OPTIONS");
    BOOST_TEST(rs.get("Access-Control-Allow-Headers") == "content-type, x-word");
    BOOST_TEST(rs.get("Access-Control-Allow-Origin") == shop);
    BOOST_TEST(rs.get("Access-Control-Max-Age") == "600");
    BOOST_TEST(rs.get("Allow") == "");
    BOOST_TEST(rs.field_lines().find("Vary: Origin\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_preflight_needs_no_login_and_an_address) {
    auto const a = served(shop);
    BOOST_TEST(test_client(a).send("OPTIONS", "/closed", preflight(shop, "GET")).status() == 204U);
    auto const refused = test_client(a).get("/closed", from(shop));
    BOOST_TEST(refused.status() == 401U);
    BOOST_TEST(refused.get("Access-Control-Allow-Origin") == shop); // the page can read why
    BOOST_TEST(test_client(a).send("OPTIONS", "/nowhere", preflight(shop, "GET")).status() == 404U);
}

BOOST_AUTO_TEST_CASE(what_is_no_preflight_is_an_ordinary_request) {
    auto const a = served(shop);
    BOOST_TEST(test_client(a).send("OPTIONS", "/hello", from(shop)).get("Allow") == "GET, HEAD, PUT, OPTIONS");
    BOOST_TEST(test_client(a).send("OPTIONS", "/hello", preflight("https://other.example", "PUT")).status() == 200U);
    auto const odd = test_client(a).send("OPTIONS", "/hello", preflight(shop, "PUT", "x-word: \"y\""));
    BOOST_TEST(odd.status() == 204U);
    BOOST_TEST(odd.get("Access-Control-Allow-Headers") == "");
}

BOOST_AUTO_TEST_CASE(refusals_of_the_server_have_the_fields_too) {
    auto const a = served(shop);
    fake_request rq("GET", "/hello", from(shop));
    rq->notes.refused = {503, "too much to do"};
    auto const rs = call(a.refuse, rq.get());
    BOOST_TEST(rs.status() == 503U);
    BOOST_TEST(rs.get("Access-Control-Allow-Origin") == shop);
}

BOOST_AUTO_TEST_CASE(a_list_has_origins_and_nothing_else) {
    for (std::string_view const wrong :
         {"shop.example", "https://", "https://shop.example/", "https://shop.example/x", "https://Shop.example",
          "https://a.example,,", "null", "*, https://a.example", "https://*.example", "https://a b", "://x"}) {
        BOOST_TEST_CONTEXT(wrong) { BOOST_CHECK_THROW(allowed_origins{wrong}, std::invalid_argument); }
    }
    BOOST_TEST(allowed_origins().empty());
    BOOST_TEST(!allowed_origins("*").empty());
    BOOST_TEST(allowed_origins(" https://a.example ,http://b.example:81").contains("http://b.example:81"));
}

BOOST_AUTO_TEST_SUITE_END()
