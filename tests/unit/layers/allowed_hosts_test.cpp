// The names that a service answers to.
#include "phial/errors/handle_errors.hpp"
#include "phial/layers/allowed_hosts.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

BOOST_AUTO_TEST_SUITE(allowed_hosts)

BOOST_AUTO_TEST_CASE(a_host_is_compared_without_port_and_case) {
    host_list const list("api.example, *.shop.example , 10.0.0.7, [::1]");
    for (std::string_view const known :
         {"api.example", "API.Example", "api.example:8080", "api.example.", "a.shop.example", "a.b.shop.example:80",
          "10.0.0.7:5000", "[::1]", "[::1]:5000"})
        BOOST_TEST(list.contains(known), known);
    for (std::string_view const other : {"", "example", "xapi.example", "api.example.evil", "shop.example",
                                         ".shop.example", "10.0.0.70", "[::2]:5000", "[::1"})
        BOOST_TEST(!list.contains(other), other);
}

BOOST_AUTO_TEST_CASE(a_list_has_names_and_nothing_else) {
    for (std::string_view const wrong :
         {"http://a.example", "a.example:80", "a.example/", "a b", "a.example,,b", "*", "*.", "a.*.example"})
        BOOST_TEST_CONTEXT(wrong) BOOST_CHECK_THROW(host_list{wrong}, std::invalid_argument);
    BOOST_TEST(host_list("").empty());
}

BOOST_AUTO_TEST_CASE(another_host_gets_the_page_of_a_refusal) {
    memory_log records;
    logger const log(records, severity::critical);
    auto const served =
        for_hosts(host_list("api.example"), handle_errors({}, log, [](request &) { return text("hello"); }));
    test_client const client(served);
    BOOST_TEST(client.get("/", {{"Host", "api.example:5000"}}).body() == "hello");
    auto const refused = client.get("/", {{"Host", "evil.example"}});
    BOOST_TEST(refused.status() == 421U);
    BOOST_TEST(refused.body() ==
               "{\"message\":\"Misdirected Request: this service does not answer to that name.\",\"status\":421}\n");
    BOOST_TEST(client.get("http://evil.example/", {{"Host", "api.example"}}).status() == 421U); // RFC 9112 3.2.2
}

BOOST_AUTO_TEST_SUITE_END()
