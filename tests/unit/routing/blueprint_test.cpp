// Blueprints: prefixes, what is registered, error handlers.
#include "phial/routing/blueprint.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace phial;

namespace {

task<response> nothing(request &) { co_return text(); }

response refused(request &, http_error const &) { return response(418); }

} // namespace

BOOST_AUTO_TEST_SUITE(blueprints)

BOOST_AUTO_TEST_CASE(a_prefix_is_empty_or_begins_with_a_slash_and_ends_without_one) {
    for (std::string const good : {"", "/shop", "/a/b", "/caf\u00E9", "/v1.0"})
        BOOST_TEST_CONTEXT(good) BOOST_TEST(blueprint(good).prefix() == good);
    for (std::string const bad : {"/", "shop", "/shop/", "//shop", "/a//b", "/<id>", "/a/<int:b>", "/a b", "/a?b",
                                  "/%41", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"})
        BOOST_TEST_CONTEXT(bad)
    BOOST_CHECK_EXCEPTION((void)blueprint(bad), std::invalid_argument, [&bad](std::invalid_argument const &e) {
        return std::string(e.what()).find("'" + bad + "'") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(every_way_to_register_a_route_keeps_its_pattern_and_methods) {
    blueprint bp;
    constexpr route<"/named", "name"> named;
    bp.get<"/get">(nothing);
    bp.post<"/post">(nothing);
    bp.put<"/put">(nothing);
    bp.patch<"/patch">(nothing);
    bp.delete_<"/delete">(nothing);
    bp.get(named, nothing);
    bp.post(named, nothing);
    bp.route<"/both">({method::get, method::post}, nothing);
    bp.route(named, {method::put, method::patch}, nothing);
    struct {
        std::string_view pattern, name;
        methods allowed;
    } const expected[] = {
        {"/get", "", {method::get}},
        {"/post", "", {method::post}},
        {"/put", "", {method::put}},
        {"/patch", "", {method::patch}},
        {"/delete", "", {method::delete_}},
        {"/named", "name", {method::get}},
        {"/named", "name", {method::post}},
        {"/both", "", {method::get, method::post}},
        {"/named", "name", {method::put, method::patch}},
    };
    BOOST_TEST_REQUIRE(bp.entries().size() == std::size(expected));
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        BOOST_TEST_CONTEXT(i) {
            auto const &e = bp.entries()[i];
            BOOST_TEST(e.pattern == expected[i].pattern);
            BOOST_TEST(e.name == expected[i].name);
            BOOST_TEST(e.allowed.to_string() == expected[i].allowed.to_string());
            BOOST_TEST(e.parsed->size == 1U);
            BOOST_TEST((e.handler != nullptr));
        }
    }
}

BOOST_AUTO_TEST_CASE(error_handlers_are_kept_by_status) {
    blueprint bp;
    BOOST_TEST(bp.errors().empty());
    bp.error_handler(404, refused);
    BOOST_TEST((bp.errors().find(404) != nullptr));
    BOOST_TEST((bp.errors().find(405) == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
