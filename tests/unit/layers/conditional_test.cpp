// Conditional requests (RFC 9110 13.1).
#include "phial/http/http_error.hpp"
#include "phial/layers/conditional.hpp"
#include "phial/routing/router.hpp"
#include "phial/text/concat.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

using namespace phial;
using namespace phial::testing;

namespace {

fake_request asking(std::string method, std::string_view field, std::string value) {
    fake_request::headers lines;
    if (!field.empty()) lines.emplace_back(field, std::move(value));
    return fake_request(std::move(method), "/", std::move(lines));
}

// The status of what require_match throws, 0 for nothing.
unsigned required(fake_request &rq, std::string_view tag, precondition wanted = precondition::optional) {
    try {
        require_match(rq.get(), tag, wanted);
        return 0;
    } catch (http_error const &e) {
        return e.status();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(conditional_requests)

BOOST_AUTO_TEST_CASE(what_the_client_has_is_not_sent_again) {
    struct {
        std::string_view field;
        std::string value;
        std::string_view tag;
        bool known;
    } const cases[] = {
        {"If-None-Match", "\"a\"", "\"a\"", true},
        {"If-None-Match", "\"b\"", "\"a\"", false},
        {"If-None-Match", "*", "\"a\"", true},
        {"If-None-Match", "*", "", false},
        {"If-None-Match", "W/\"a\"", "\"a\"", true}, // weak comparison: 13.1.2
        {"If-None-Match", "\"a\"", "W/\"a\"", true},
        {"If-None-Match", "\"x\", \"a\"", "\"a\"", true},
        {"If-None-Match", "\"x\",,\t\"a\" ", "\"a\"", true},
        {"If-None-Match", "\"x,\\\"", "\"x,\\\"", true}, // a comma and a backslash are characters of a tag
        {"If-None-Match", "\"\"", "\"\"", true},
        {"If-None-Match", "\"b-gzip\"", "\"a\"", false},
        {"If-None-Match", "a", "\"a\"", false},
        {"If-None-Match", "\"a", "\"a\"", false},
        {"If-None-Match", "w/\"a\"", "\"a\"", false}, // case-sensitive: 8.8.3
        {"If-None-Match", "\"x\" junk, \"a\"", "\"a\"", false},
        {"If-None-Match", "", "\"a\"", false},
        {"If-Match", "\"b\"", "\"a\"", false},
        {"", "", "\"a\"", false},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.field << ": " << c.value << " against " << c.tag) {
            for (auto const *method : {"GET", "HEAD"}) {
                auto rq = asking(method, c.field, c.value);
                auto const rs = not_modified(rq.get(), c.tag);
                BOOST_TEST(rs.has_value() == c.known);
                if (!rs) continue;
                BOOST_TEST(rs->status() == 304U);
                BOOST_TEST(rs->get("ETag") == c.tag);
            }
            auto put = asking("PUT", c.field, c.value);
            BOOST_TEST(!not_modified(put.get(), c.tag).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_has_received_it_coded_has_it) {
    for (auto const *coding : {"gzip", "br", "zstd"}) {
        auto const coded = concat("\"a-", coding, "\"");
        auto rq = fake_request("GET", "/", {{"If-None-Match", coded}, {"Accept-Encoding", coding}});
        auto const rs = not_modified(rq.get(), "\"a\"");
        BOOST_REQUIRE(rs.has_value());
        BOOST_TEST(rs->get("ETag") == coded); // what its cache has stored
        auto other = asking("GET", "If-None-Match", coded);
        BOOST_TEST(!not_modified(other.get(), "\"a\"").has_value()); // which another client of that cache cannot read
    }
}

BOOST_AUTO_TEST_CASE(a_tag_of_a_value_is_that_which_the_layer_gives_to_its_answer) {
    struct note {
        std::string title;
        std::vector<std::int64_t> numbers;
    };
    note const one{"Tea", {1, 2}};
    blueprint bp;
    bp.get<"/">([&one](request &) { return one; }).use(entity_tags);
    router routes;
    routes.mount(std::move(bp));
    fake_request rq("GET", "/");
    BOOST_TEST(call(handler(std::move(routes)), rq).get("ETag") == entity_tag_of(one));
}

BOOST_AUTO_TEST_CASE(what_has_changed_is_not_overwritten) {
    struct {
        std::string_view field;
        std::string value;
        std::string_view tag;
        unsigned status;
    } const cases[] = {
        {"If-Match", "\"a\"", "\"a\"", 0},
        {"If-Match", "\"b\", \"a\"", "\"a\"", 0},
        {"If-Match", "\"b\"", "\"a\"", 412},
        {"If-Match", "\"a-gzip\"", "\"a\"", 0}, // as a compressed response was tagged
        {"If-Match", "\"b-gzip\"", "\"a\"", 412},
        {"If-Match", "*", "\"a\"", 0},
        {"If-Match", "*", "", 412},
        {"If-Match", "\"a\"", "", 412},
        {"If-Match", "W/\"a\"", "\"a\"", 412}, // strong comparison: 13.1.1
        {"If-Match", "\"a\"", "W/\"a\"", 412},
        {"If-Match", "a", "\"a\"", 412},
        {"If-None-Match", "*", "", 0},
        {"If-None-Match", "*", "\"a\"", 412},
        {"If-None-Match", "\"a\"", "\"a\"", 412},
        {"If-None-Match", "\"b\"", "\"a\"", 0},
        {"", "", "\"a\"", 0},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.field << ": " << c.value << " against " << c.tag) {
            auto rq = asking("PUT", c.field, c.value);
            BOOST_TEST(required(rq, c.tag) == c.status);
            BOOST_TEST(required(rq, c.tag, precondition::required) == (c.field.empty() ? 428U : c.status));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_tag_stands_for_its_bytes) {
    BOOST_TEST(entity_tag("") == "\"47DEQpj8HBSa+/TImW+5JA\""); // SHA-256 of nothing begins with e3b0c442 98fc1c14
    BOOST_TEST(entity_tag("a") != entity_tag("b"));
    BOOST_TEST(entity_tag("a") == entity_tag("a"));
}

BOOST_AUTO_TEST_CASE(the_layer_tags_whole_responses_and_knows_them_again) {
    handler const served = with(handler([](request &) { return text("hello").add("Vary: Accept"); }), entity_tags);
    auto first = asking("GET", "", "");
    auto const rs = call(served, first.get());
    BOOST_TEST(rs.status() == 200U);
    auto const tag = std::string(rs.get("ETag"));
    BOOST_TEST(tag == entity_tag("hello"));
    auto again = asking("GET", "If-None-Match", tag);
    auto const known = call(served, again.get());
    BOOST_TEST(known.status() == 304U);
    BOOST_TEST(known.body() == "");
    BOOST_TEST(known.get("ETag") == tag);
    BOOST_TEST(known.get("Vary") == "Accept");
}

BOOST_AUTO_TEST_CASE(the_layer_leaves_other_responses_alone) {
    auto const tag_of = [](std::string method, response (*respond)(request &)) {
        handler const served = with(handler(respond), entity_tags);
        auto rq = asking(std::move(method), "", "");
        return std::string(call(served, rq.get()).get("ETag"));
    };
    BOOST_TEST(tag_of("POST", [](request &) { return text("made"); }) == "");
    BOOST_TEST(tag_of("GET", [](request &) { return text("gone").status(404); }) == "");
    BOOST_TEST(tag_of("GET", [](request &) { return text("own").set("ETag", "\"v7\""); }) == "\"v7\"");
    BOOST_TEST(tag_of("GET", [](request &) { return text(std::string((1U << 20U) + 1, 'x')); }) == "");
}

BOOST_AUTO_TEST_SUITE_END()
