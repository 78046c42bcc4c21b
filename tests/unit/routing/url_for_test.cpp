// Addresses built from routes.
#include "phial/routing/router.hpp"
#include "phial/routing/url_for.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

namespace {

// Knows where routes are mounted, as the router does.
class mounts final : public url_map {
  public:
    explicit mounts(std::map<std::string, std::string, std::less<>> prefixes) : prefixes_(std::move(prefixes)) {}
    std::string_view prefix_of(std::string_view name) const override {
        auto const it = prefixes_.find(name);
        if (it == prefixes_.end()) throw std::invalid_argument("not mounted");
        return it->second;
    }

  private:
    std::map<std::string, std::string, std::less<>> prefixes_;
};

constexpr route<"/", "root"> root;
constexpr route<"/articles", "articles"> articles;
constexpr route<"/articles/", "closed"> closed;
constexpr route<"/articles/<id>", "text"> by_text;
constexpr route<"/articles/<int:n>/x", "int"> by_int;
constexpr route<"/articles/<float:x>", "float"> by_float;
constexpr route<"/files/<path:p>", "path"> by_path;
constexpr route<"/<a>/b/<int:c>/<float:d>/<path:e>", "all"> all;
constexpr route<"/caf\u00E9/a\"b", "odd"> odd;

networks const proxies("10.0.0.0/8");

struct fixture {
    mounts map{{{"root", ""},
                {"articles", ""},
                {"closed", ""},
                {"text", ""},
                {"int", "/v1"},
                {"float", ""},
                {"path", "/a/b"},
                {"all", ""},
                {"odd", "/\u00E9"}}};
    fake_request rq{"GET", "/"};
    fixture() { rq->notes.urls = &map; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(url_for_routes, fixture)

BOOST_AUTO_TEST_CASE(an_address_is_prefix_and_pattern_with_the_values_filled_in) {
    request const &r = rq.get();
    BOOST_TEST(url_for(r, root) == "/");
    BOOST_TEST(url_for(r, articles) == "/articles");
    BOOST_TEST(url_for(r, closed) == "/articles/");
    BOOST_TEST(url_for(r, by_text, "a") == "/articles/a");
    BOOST_TEST(url_for(r, by_text, std::string("a")) == "/articles/a");
    BOOST_TEST(url_for(r, by_int, 7) == "/v1/articles/7/x");
    BOOST_TEST(url_for(r, by_float, 1.5) == "/articles/1.5");
    BOOST_TEST(url_for(r, by_path, "x/y//z") == "/a/b/files/x/y//z");
    BOOST_TEST(url_for(r, all, "a", 2U, 3.0F, "e/f") == "/a/b/2/3.0/e/f");
}

BOOST_AUTO_TEST_CASE(under_a_root_path_an_address_begins_with_it) {
    service_context context;
    context.root_path = "/my%20api";
    context.proxies = &proxies;
    context.forwarded = forwarded_parts("proto,host");
    fake_request proxied("GET", "/", {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "shop.example:8443"}}, {},
                         context);
    proxied.client("10.0.0.1");
    proxied->notes.urls = &map;
    BOOST_TEST(url_for(proxied.get(), root) == "/my%20api/");
    BOOST_TEST(url_for(proxied.get(), by_int, 7) == "/my%20api/v1/articles/7/x");
    BOOST_TEST(url_for(proxied.get(), external, by_int, 7) == "https://shop.example:8443/my%20api/v1/articles/7/x");
    BOOST_TEST(url_for(rq.get(), external, by_text, "a b") == "http://127.0.0.1:5000/articles/a%20b");
}

BOOST_AUTO_TEST_CASE(what_is_not_a_uri_character_is_percent_encoded) {
    request const &r = rq.get();
    BOOST_TEST(url_for(r, by_text, "a b?c#d%e\u00E9") == "/articles/a%20b%3Fc%23d%25e%C3%A9");
    BOOST_TEST(url_for(r, by_path, "a b/\"c\"/?") == "/a/b/files/a%20b/%22c%22/%3F");
    BOOST_TEST(url_for(r, odd) == "/%C3%A9/caf%C3%A9/a%22b");
}

BOOST_AUTO_TEST_CASE(numbers_are_written_so_that_the_route_takes_them) {
    request const &r = rq.get();
    BOOST_TEST(url_for(r, by_int, 0) == "/v1/articles/0/x");
    BOOST_TEST(url_for(r, by_int, std::numeric_limits<std::int64_t>::max()) == "/v1/articles/9223372036854775807/x");
    BOOST_TEST(url_for(r, by_float, 0.0) == "/articles/0.0");
    BOOST_TEST(url_for(r, by_float, 3.0) == "/articles/3.0");
    BOOST_TEST(url_for(r, by_float, 0.00001) == "/articles/0.00001");
    BOOST_TEST(url_for(r, by_float, 1e16) == "/articles/10000000000000000.0");
}

BOOST_AUTO_TEST_CASE(values_no_path_of_the_route_has_are_refused) {
    request const &r = rq.get();
    BOOST_CHECK_THROW((void)url_for(r, by_text, ""), std::invalid_argument);
    BOOST_CHECK_THROW((void)url_for(r, by_text, "a/b"), std::invalid_argument);
    BOOST_CHECK_THROW((void)url_for(r, by_path, ""), std::invalid_argument);
    BOOST_CHECK_THROW((void)url_for(r, by_path, "/a"), std::invalid_argument);
    BOOST_CHECK_THROW((void)url_for(r, by_int, -1), std::invalid_argument);
    BOOST_CHECK_THROW((void)url_for(r, by_float, -0.5), std::invalid_argument);
    BOOST_CHECK_THROW((void)url_for(r, by_float, std::numeric_limits<double>::infinity()), std::invalid_argument);
    BOOST_CHECK_THROW((void)url_for(r, by_float, std::numeric_limits<double>::quiet_NaN()), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_route_that_is_not_mounted_has_no_address) {
    constexpr route<"/elsewhere", "elsewhere"> elsewhere;
    BOOST_CHECK_THROW((void)url_for(rq.get(), elsewhere), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_request_that_came_through_no_router_has_no_addresses) {
    rq->notes.urls = nullptr;
    BOOST_CHECK_THROW((void)url_for(rq.get(), articles), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_router_finds_what_url_for_wrote) {
    // The handler answers the address of what it was called with.
    auto const echo = [](request &r, std::string_view a, std::int64_t c, double d,
                         std::string_view e) -> task<response> { co_return text(url_for(r, all, a, c, d, e)); };
    blueprint bp;
    bp.get(all, echo);
    router routes;
    routes.mount(std::move(bp));
    handler const h{std::move(routes)};
    for (std::string const address :
         {"/a/b/2/3.0/e/f", "/%20/b/0/0.00001/e//f/", "/%25/b/9223372036854775807/1.5/%3F"}) {
        BOOST_TEST_CONTEXT(address) {
            fake_request asked("GET", address);
            auto const answer = call(h, asked);
            BOOST_TEST(answer.body() == address);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
