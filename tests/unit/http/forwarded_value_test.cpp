// What proxies say of the URL that the client has asked for.
#include "phial/http/forwarded.hpp"

#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

using part = forwarded_part;
using lines = std::vector<field>;

networks const trusted("10.0.0.0/8");

std::string said(part p, lines const &all, networks const *chained = &trusted) {
    return std::string(forwarded_value(p, fields_view(all), chained).value_or("nothing"));
}

service_context behind(std::string_view parts) {
    service_context context;
    context.proxies = &trusted;
    context.forwarded = forwarded_parts(parts);
    return context;
}

} // namespace

BOOST_AUTO_TEST_SUITE(forwarded_values)

BOOST_AUTO_TEST_CASE(a_part_is_read_strictly_and_ignored_when_it_is_malformed) {
    struct {
        part what;
        std::string_view name, value, expected;
    } const cases[] = {
        {part::scheme, "X-Forwarded-Proto", "https", "https"},
        {part::scheme, "x-forwarded-proto", "HTTPS", "https"},
        {part::scheme, "X-Forwarded-Proto", "http", "http"},
        {part::scheme, "X-Forwarded-Proto", "wss", "nothing"},
        {part::scheme, "X-Forwarded-Proto", "https:", "nothing"},
        {part::scheme, "X-Forwarded-Proto", "", "nothing"},
        {part::scheme, "Forwarded", "proto=https", "https"},
        {part::scheme, "Forwarded", "for=192.0.2.1;Proto=\"https\"", "https"},
        {part::scheme, "Forwarded", "proto=https;proto=https", "nothing"},
        {part::scheme, "Forwarded", "proto=https;=", "nothing"},
        {part::scheme, "Forwarded", "for=192.0.2.1", "nothing"},
        {part::host, "X-Forwarded-Host", "shop.example", "shop.example"},
        {part::host, "X-Forwarded-Host", "shop.example:8443", "shop.example:8443"},
        {part::host, "X-Forwarded-Host", "[2001:db8::1]:80", "[2001:db8::1]:80"},
        {part::host, "X-Forwarded-Host", "a/b", "nothing"},
        {part::host, "X-Forwarded-Host", "u@a", "nothing"},
        {part::host, "X-Forwarded-Host", "a b", "nothing"},
        {part::host, "X-Forwarded-Host", "a:65536", "nothing"},
        {part::host, "Forwarded", "host=\"shop.example:8443\"", "shop.example:8443"},
        {part::host, "Forwarded", "host=\"shop\\.example\"", "nothing"}, // an escape where none is needed
        {part::port, "X-Forwarded-Port", "1", "1"},
        {part::port, "X-Forwarded-Port", "65535", "65535"},
        {part::port, "X-Forwarded-Port", "65536", "nothing"},
        {part::port, "X-Forwarded-Port", "0", "nothing"},
        {part::port, "X-Forwarded-Port", "080", "nothing"},
        {part::port, "X-Forwarded-Port", "+80", "nothing"},
        {part::port, "X-Forwarded-Port", "80x", "nothing"},
        {part::prefix, "X-Forwarded-Prefix", "/api/", "/api"},
        {part::prefix, "X-Forwarded-Prefix", "/", ""},
        {part::prefix, "X-Forwarded-Prefix", "//evil.example", "nothing"},
        {part::prefix, "Forwarded", "prefix=/api", "nothing"}, // it has no such parameter
        {part::scheme, "X-Forwarded-Host", "https", "nothing"},
    };
    for (auto const &c : cases)
        BOOST_TEST_CONTEXT(c.name << ": " << c.value) BOOST_TEST(said(c.what, {{c.name, c.value}}) == c.expected);
}

BOOST_AUTO_TEST_CASE(of_several_elements_that_of_the_outermost_trusted_proxy_counts) {
    struct {
        std::string_view clients, schemes, expected;
    } const cases[] = {
        {"192.0.2.1", "https", "https"},
        {"192.0.2.1", "https, http", "http"}, // the client has sent the first one
        {"192.0.2.1, 10.0.0.2", "https, http", "https"},
        {"192.0.2.1, 10.0.0.2", "http, https, http", "https"},
        {"192.0.2.1, 10.0.0.2", "https", "https"}, // the outermost has set it, the others have passed it on
        {"10.0.0.3, 10.0.0.2", "https, http", "https"},
        {"unknown, 10.0.0.2", "https, http, http", "http"},
        {"", "https, http", "http"},
        {"192.0.2.1", "https, wss", "nothing"}, // not the next best
        {"192.0.2.1", "http, https, ,", "https"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.clients << ": " << c.schemes) {
            lines const all{{"X-Forwarded-For", c.clients}, {"X-Forwarded-Proto", c.schemes}};
            BOOST_TEST(said(part::scheme, all) == c.expected);
        }
    lines const two{{"X-Forwarded-For", "192.0.2.1, 10.0.0.2"}, {"X-Forwarded-Proto", "https, http"}};
    BOOST_TEST(said(part::scheme, two, nullptr) == "http"); // the chain is not believed: the peer's own
    lines const standard{{"Forwarded", "for=192.0.2.9;proto=http"},
                         {"Forwarded", "for=192.0.2.1;proto=https, for=10.0.0.2"}};
    BOOST_TEST(said(part::scheme, standard) == "https");
    BOOST_TEST(said(part::scheme, standard, nullptr) == "nothing");
}

BOOST_AUTO_TEST_CASE(when_both_fields_say_it_they_must_agree) {
    auto const both = [](std::string_view standard, std::string_view older) {
        return said(part::scheme, {{"Forwarded", standard}, {"X-Forwarded-Proto", older}});
    };
    BOOST_TEST(both("proto=https", "https") == "https");
    BOOST_TEST(both("proto=https", "http") == "nothing");
    BOOST_TEST(both("proto=https", "wss") == "https");
    BOOST_TEST(both("for=192.0.2.1", "https") == "https");
    BOOST_TEST(said(part::host, {{"Forwarded", "host=A"}, {"X-Forwarded-Host", "a"}}) == "A");
    BOOST_TEST(said(part::host, {{"Forwarded", "host=a"}, {"X-Forwarded-Host", "b"}}) == "nothing");
}

BOOST_AUTO_TEST_CASE(at_most_32_elements_are_looked_at) {
    std::string const spaces(40, ',');
    BOOST_TEST(said(part::scheme, {{"X-Forwarded-Proto", "https" + spaces}}) == "nothing");
}

BOOST_AUTO_TEST_CASE(parts_are_named_in_a_list) {
    forwarded_parts const some("proto, prefix");
    BOOST_TEST((some.has(part::scheme) && some.has(part::prefix)));
    BOOST_TEST((!some.has(part::client) && !some.has(part::host) && !some.has(part::port)));
    BOOST_TEST(!forwarded_parts("").has(part::client));
    BOOST_TEST(forwarded_parts().has(part::client));
    for (auto const wrong : {"by", "for,", "For", "proto host"})
        BOOST_TEST_CONTEXT(wrong) BOOST_CHECK_THROW(forwarded_parts{wrong}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_url_of_a_request_is_what_its_client_has_asked_for) {
    struct {
        std::string_view parts;
        char const *peer, *host, *scheme, *forwarded_host, *port, *prefix, *url;
    } const cases[] = {
        {"for", "10.0.0.1", "a", "https", "b", "8443", "/api", "http://a/x?y"},
        {"proto,host,port,prefix", "192.0.2.1", "a", "https", "b", "8443", "/api", "http://a/x?y"},
        {"proto,host,port,prefix", "10.0.0.1", "a", "https", "b", "8443", "/api/", "https://b:8443/api/x?y"},
        {"proto", "10.0.0.1", "a:443", "https", "b", "1", "/api", "https://a/x?y"},
        {"proto", "10.0.0.1", "a:80", "https", "b", "1", "/api", "https://a:80/x?y"},
        {"proto", "10.0.0.1", "a:443", "http", "b", "1", "/api", "http://a:443/x?y"},
        {"proto,port", "10.0.0.1", "a:5000", "https", "b", "443", "/api", "https://a/x?y"},
        {"proto,port", "10.0.0.1", "[::1]", "https", "b", "444", "/api", "https://[::1]:444/x?y"},
        {"port", "10.0.0.1", "a:5000", "https", "b", "80", "/api", "http://a/x?y"},
        {"host", "10.0.0.1", "a:5000", "https", "b:", "80", "/api", "http://b/x?y"},
        {"host,prefix", "10.0.0.1", "a", "https", "b/c", "80", "//evil", "http://a/x?y"},
        {"host,prefix", "10.0.0.1", "a", "https", "b", "80", "/", "http://b/x?y"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.parts << ": " << c.url) {
            fake_request rq("GET", "/x?y",
                            {{"Host", c.host},
                             {"X-Forwarded-Proto", c.scheme},
                             {"X-Forwarded-Host", c.forwarded_host},
                             {"X-Forwarded-Port", c.port},
                             {"X-Forwarded-Prefix", c.prefix}},
                            {}, behind(c.parts));
            rq.client(c.peer);
            BOOST_TEST(rq->url() == c.url);
            BOOST_TEST(rq->path() == "/x");
        }
}

BOOST_AUTO_TEST_CASE(a_fixed_root_path_is_used_unless_a_trusted_proxy_says_another) {
    struct {
        char const *peer, *prefix, *root;
    } const cases[] = {{"10.0.0.1", "/api", "/api"},
                       {"10.0.0.1", "/", ""},
                       {"10.0.0.1", "", "/v1"},
                       {"10.0.0.1", "api", "/v1"},
                       {"192.0.2.1", "/api", "/v1"}};
    for (auto const &c : cases) {
        auto context = behind("prefix");
        context.root_path = "/v1";
        fake_request rq("GET", "/x", {{"X-Forwarded-Prefix", c.prefix}}, {}, context);
        rq.client(c.peer);
        BOOST_TEST(rq->root_path() == c.root);
    }
    auto context = behind("");
    context.root_path = "/v1";
    BOOST_TEST(fake_request("OPTIONS", "*", {}, {}, context)->url() == "http://127.0.0.1:5000*");
}

BOOST_AUTO_TEST_CASE(a_peer_that_a_trusted_proxy_has_named_is_believed_for_the_proxy_but_not_for_itself) {
    fake_request rq("GET", "/x", {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-For", "203.0.113.1"}}, {},
                    behind("for,proto"));
    rq.client("192.0.2.1");
    BOOST_TEST(rq->scheme() == "http");
    rq->notes.is_peer_named = true;
    BOOST_TEST(rq->scheme() == "https");
    BOOST_TEST(rq->client().to_string() == "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(who_does_not_believe_for_counts_the_peer) {
    fake_request rq("GET", "/", {{"X-Forwarded-For", "203.0.113.1"}}, {}, behind("proto"));
    rq.client("10.0.0.1");
    BOOST_TEST(rq->client().to_string() == "10.0.0.1");
}

BOOST_AUTO_TEST_SUITE_END()
