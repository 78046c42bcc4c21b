// Taking request targets apart.
#include "http/request_target.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(request_targets)

BOOST_AUTO_TEST_CASE(the_three_forms_are_taken_apart_and_nothing_is_decoded) {
    struct {
        std::string_view in, authority, path, query;
    } const cases[] = {
        {"/", "", "/", ""},
        {"/a/b", "", "/a/b", ""},
        {"/a?b=c", "", "/a", "b=c"},
        {"/a?", "", "/a", ""},
        {"/?a?b/c", "", "/", "a?b/c"},
        {"/%2F%3F?%23", "", "/%2F%3F", "%23"},
        {"//host/a", "", "//host/a", ""}, // no authority: the origin form is a path
        {"/http://b/", "", "/http://b/", ""},
        {"/../a/./b", "", "/../a/./b", ""},
        {"/\xC3\xA9", "", "/\xC3\xA9", ""},
        {"*", "", "*", ""},
        {"http://a/b?c", "a", "/b", "c"},
        {"HtTp://A:8080/B", "A:8080", "/B", ""},
        {"http://a", "a", "/", ""},
        {"http://a?c", "a", "/", "c"},
        {"http://a/?c", "a", "/", "c"},
        {"http://[::1]:80/x", "[::1]:80", "/x", ""},
        {"http://a//b", "a", "//b", ""},
        {"http://a/u@h", "a", "/u@h", ""},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            auto const t = parse_target(c.in);
            BOOST_TEST(t.authority == c.authority);
            BOOST_TEST(t.path == c.path);
            BOOST_TEST(t.query == c.query);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_absolute_form_without_a_path_is_the_asterisk_of_options) {
    BOOST_TEST(parse_target("http://a", method::options).path == "*");
    BOOST_TEST(parse_target("http://a", method::options).authority == "a");
    BOOST_TEST(parse_target("http://a/", method::options).path == "/");
    BOOST_TEST(parse_target("http://a?b", method::options).path == "/");
    BOOST_TEST(parse_target("/", method::options).path == "/");
}

BOOST_AUTO_TEST_CASE(anything_else_has_no_path) {
    for (std::string_view const s : {
             "",
             "a",
             "a/b",
             "?a",
             "#",
             "**",
             "*?a",
             "*/",
             "/a#b",
             "/a?b#c",
             "http://a/#b",
             "http://a#b",
             "a:80",
             "localhost:5000",
             "https://a/",
             "ftp://a/",
             "http:",
             "http:/",
             "http:/a",
             "http://",
             "http:///a",
             "http://?a",
             "http://u@a/",
             "http://a:x/",
             "http://a:99999/",
             "http://a\\b/",
             "http://[::1/",
             "httpx://a/",
         }) {
        BOOST_TEST_CONTEXT(s) {
            auto const t = parse_target(s);
            BOOST_TEST(t.path == "");
            BOOST_TEST(t.authority == "");
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said) {
    struct {
        std::string_view target, why;
    } const cases[] = {
        {"https://a/", "the only scheme served here is http"},
        {"HTTPS://a/", "the only scheme served here is http"},
        {"ftp://a/", "the only scheme served here is http"},
        {"a", "a path that begins with a slash"},
        {"a:80", "a path that begins with a slash"},
        {"http:/a", "a path that begins with a slash"},
        {"/a#b", "no fragment"},
        {"https://a/#b", "no fragment"},
        {"http://a b/", "the host"},
        {"HTTP://u@h/", "the host"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.target) {
            BOOST_TEST(parse_target(c.target).path.empty());
            BOOST_TEST(why_no_target(c.target).find(c.why) != std::string_view::npos);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
