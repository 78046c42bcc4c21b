// The order of conditions (RFC 9110 13.2.2), and entity tags with codings.
#include "phial/http/http_date.hpp"
#include "phial/http/preconditions.hpp"
#include "phial/http/tag_list.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;
using std::chrono::sys_seconds;

namespace {

constexpr sys_seconds changed{std::chrono::seconds(784111777)};
constexpr std::string_view same = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::string_view before = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr std::string_view after = "Sun, 06 Nov 1994 08:49:38 GMT";

// The status that the conditions lead to.
unsigned status(std::string method, fake_request::headers lines, validators current = {"\"a\"", changed}) {
    fake_request rq(std::move(method), "/", std::move(lines));
    preconditions const conditions(rq.get());
    switch (conditions.check(current).what) {
    case preconditions::verdict::met: return 200;
    case preconditions::verdict::not_modified: return 304;
    case preconditions::verdict::failed: break;
    }
    return 412;
}

} // namespace

BOOST_AUTO_TEST_SUITE(preconditions_of_requests)

BOOST_AUTO_TEST_CASE(each_condition_alone) {
    struct {
        std::string field, value;
        unsigned get, put;
    } const cases[] = {
        {"If-Match", "\"a\"", 200, 200},
        {"If-Match", "\"b\"", 412, 412},
        {"If-Match", "*", 200, 200},
        {"If-None-Match", "\"a\"", 304, 412},
        {"If-None-Match", "\"b\"", 200, 200},
        {"If-None-Match", "*", 304, 412},
        {"If-Modified-Since", std::string(same), 304, 200},
        {"If-Modified-Since", std::string(after), 304, 200},
        {"If-Modified-Since", std::string(before), 200, 200},
        {"If-Modified-Since", "yesterday", 200, 200},
        {"If-Unmodified-Since", std::string(same), 200, 200},
        {"If-Unmodified-Since", std::string(after), 200, 200},
        {"If-Unmodified-Since", std::string(before), 412, 412},
        {"If-Unmodified-Since", "yesterday", 200, 200},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.field << ": " << c.value) {
            BOOST_TEST(status("GET", {{c.field, c.value}}) == c.get);
            BOOST_TEST(status("HEAD", {{c.field, c.value}}) == c.get);
            BOOST_TEST(status("PUT", {{c.field, c.value}}) == c.put);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_tag_takes_the_place_of_the_date) {
    BOOST_TEST(status("GET", {{"If-Match", "\"a\""}, {"If-Unmodified-Since", std::string(before)}}) == 200U);
    BOOST_TEST(status("GET", {{"If-None-Match", "\"b\""}, {"If-Modified-Since", std::string(same)}}) == 200U);
    BOOST_TEST(status("GET", {{"If-None-Match", "\"a\""}, {"If-Modified-Since", std::string(before)}}) == 304U);
}

BOOST_AUTO_TEST_CASE(what_must_match_is_evaluated_first) {
    BOOST_TEST(status("GET", {{"If-None-Match", "\"a\""}, {"If-Match", "\"b\""}}) == 412U);
    BOOST_TEST(status("GET", {{"If-None-Match", "\"a\""}, {"If-Match", "\"a\""}}) == 304U);
    BOOST_TEST(status("GET", {{"If-Modified-Since", std::string(same)},
                              {"If-Unmodified-Since", std::string(before)}}) == 412U);
}

BOOST_AUTO_TEST_CASE(what_has_no_date_ignores_dates) {
    BOOST_TEST(status("GET", {{"If-Unmodified-Since", std::string(before)}}, {"\"a\"", {}}) == 200U);
    BOOST_TEST(status("GET", {{"If-Modified-Since", std::string(after)}}, {"\"a\"", {}}) == 200U);
}

BOOST_AUTO_TEST_CASE(a_date_that_comes_twice_is_ignored) {
    BOOST_TEST(status("GET", {{"If-Modified-Since", std::string(same)}, {"If-Modified-Since", std::string(same)}}) ==
               200U);
}

BOOST_AUTO_TEST_CASE(if_range_wants_exactly_this_representation) {
    auto const allows = [](std::string value, std::string_view tag = "\"a\"", int age = 60) {
        fake_request rq("GET", "/", {{"If-Range", std::move(value)}});
        return preconditions(rq.get()).allow_range({tag, changed}, changed + std::chrono::seconds(age));
    };
    BOOST_TEST(allows("\"a\""));
    BOOST_TEST(!allows("\"b\""));
    BOOST_TEST(!allows("W/\"a\"", "W/\"a\""));
    BOOST_TEST(!allows("\"a-gzip\""));
    BOOST_TEST(allows("\"a-gzip\"", "\"a-gzip\""));
    BOOST_TEST(!allows("*"));
    BOOST_TEST(!allows(""));
    BOOST_TEST(allows(std::string(same)));
    BOOST_TEST(!allows(std::string(same), "\"a\"", 0)); // it may change again in this second: 8.8.2.2
    BOOST_TEST(!allows(std::string(before)));
    BOOST_TEST(!allows(std::string(after)));
}

BOOST_AUTO_TEST_CASE(another_coding_is_the_same_version) {
    struct {
        std::string_view list, tag, found; // empty: nothing
    } const cases[] = {
        {"\"a-gzip\"", "\"a\"", "\"a-gzip\""},
        {"\"a-br\"", "\"a\"", "\"a-br\""},
        {"\"a-zstd\"", "\"a\"", "\"a-zstd\""},
        {"\"a-gzip.1f.00\"", "\"a\"", "\"a-gzip.1f.00\""},
        {"\"a\"", "\"a-br.7\"", "\"a\""},
        {"\"a-gzip\"", "\"a-br.7\"", "\"a-gzip\""},
        {"\"x\", \"a-gzip\", \"a\"", "\"a\"", "\"a\""}, // the same coding first
        {"\"a-gzip\", \"a-br\"", "\"a\"", "\"a-gzip\""},
        {"*", "\"a\"", "\"a\""},
        {"\"a-gzip\"", "\"b\"", ""},
        {"\"a-deflate\"", "\"a\"", ""},
        {"\"a-GZIP\"", "\"a\"", ""},
        {"\"a-gzip.\"", "\"a\"", ""},
        {"\"a-gzip.x\"", "\"a\"", ""},
        {"\"a-gzipped\"", "\"a\"", ""},
        {"\"agzip\"", "\"a\"", ""},
        {"\"a-gzip-br\"", "\"a\"", ""}, // coded once
        {"\"a-gzip", "\"a\"", ""},
        {"\"a-gzip\"", "", ""},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.list << " for " << c.tag) {
            BOOST_TEST(find_tag(c.list, c.tag, tag_comparison::strongly).value_or("") == c.found);
            BOOST_TEST(find_tag(c.list, c.tag, tag_comparison::weakly).value_or("") == c.found);
        }
    }
    BOOST_TEST(find_tag("W/\"a-gzip\"", "\"a\"", tag_comparison::weakly).value_or("") == "W/\"a-gzip\"");
    BOOST_TEST(!find_tag("W/\"a-gzip\"", "\"a\"", tag_comparison::strongly).has_value());
}

BOOST_AUTO_TEST_CASE(of_other_codings_only_those_that_the_client_accepts_are_found) {
    struct {
        std::string_view list, tag, accepted, found;
    } const cases[] = {
        {R"("a-gzip")", R"("a")", "gzip", R"("a-gzip")"},
        {R"("a-gzip")", R"("a")", "", ""},
        {R"("a-gzip")", R"("a")", "br", ""},
        {R"("a-gzip")", R"("a")", "gzip;q=0, *", ""},
        {R"("a-gzip", "a-br")", R"("a")", "br", R"("a-br")"},
        {R"("a-gzip", "a")", R"("a")", "", R"("a")"},
        {R"("a")", R"("a-gzip.1")", "gzip", R"("a")"},
        {R"("a")", R"("a-gzip.1")", "gzip, identity;q=0", ""},
        {R"("a-gzip.1")", R"("a-gzip.1")", "", R"("a-gzip.1")"}, // it is the one that would be sent
    };
    for (auto const &c : cases)
        BOOST_TEST(find_tag(c.list, c.tag, tag_comparison::weakly, c.accepted).value_or("") == c.found,
                   c.list << ' ' << c.accepted);
}

BOOST_AUTO_TEST_SUITE_END()
