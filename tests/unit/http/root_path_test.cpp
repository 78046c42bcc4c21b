// The path that a proxy publishes a service under.
#include "phial/http/root_path.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(root_paths)

BOOST_AUTO_TEST_CASE(a_path_is_used_as_it_was_sent_without_its_last_slash) {
    struct {
        std::string_view text, path;
    } const cases[] = {
        {"/api", "/api"},
        {"/api/", "/api"},
        {"/", ""},
        {"/a/b/c", "/a/b/c"},
        {"/a%20b", "/a%20b"},
        {"/caf%C3%A9", "/caf%C3%A9"},
        {"/a%2Fb", "/a%2Fb"},
        {"/%0d%0a", "/%0d%0a"},
        {"/~a_b-c", "/~a_b-c"},
        {"/...", "/..."},
        {"/.a", "/.a"},
        {"/a..", "/a.."},
        {"/%2e%2e%2e", "/%2e%2e%2e"},
        {"/a:b@c;d=e,f", "/a:b@c;d=e,f"},
    };
    for (auto const &c : cases)
        BOOST_TEST_CONTEXT(c.text) BOOST_TEST(read_root_path(c.text).value_or("none") == c.path);
    std::string const longest = "/" + std::string(longest_root_path - 1, 'a');
    BOOST_TEST(read_root_path(longest).has_value());
    BOOST_TEST(!read_root_path(longest + "a"));
}

BOOST_AUTO_TEST_CASE(what_could_lead_elsewhere_is_not_one) {
    for (auto const text :
         {"",           "api",  "//evil.example", "//",     "/a//b",     "/a//",       "/..",       "/.",
          "/a/../b",    "/a/.", "/./a",           "/%2e",   "/%2E.",     "/.%2e/a",    "/a/%2e%2E", "/\\evil",
          "http://a/b", "/a?b", "/a#b",           "/a b",   "/a\tb",     "/a\r\nX: y", "/\"",       "/<",
          "/%",         "/%2",  "/%zz",           "/a\x7F", "/\xC3\xA9", "/a|b",       "/{a}",      "/^"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!read_root_path(text));
    BOOST_TEST(!read_root_path("/a\0b"sv));
}

BOOST_AUTO_TEST_SUITE_END()
