// What patterns mean, and every mistake they may hold.
#include "phial/routing/pattern.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

using namespace phial;

namespace {

struct expected_segment {
    segment_kind kind;
    std::string_view text;
};

} // namespace

BOOST_AUTO_TEST_SUITE(pattern)

BOOST_AUTO_TEST_CASE(a_pattern_is_taken_apart_at_its_slashes) {
    using enum segment_kind;
    struct {
        std::string_view in;
        std::vector<expected_segment> segments;
        std::size_t parameters;
    } const cases[] = {
        {"/", {{literal, ""}}, 0},
        {"/articles", {{literal, "articles"}}, 0},
        {"/articles/", {{literal, "articles"}, {literal, ""}}, 0},
        {"/a/<id>", {{literal, "a"}, {text, "id"}}, 1},
        {"/<string:id>", {{text, "id"}}, 1},
        {"/<int:_n1>/x", {{integer, "_n1"}, {literal, "x"}}, 1},
        {"/<float:x>/<int:y>/<z>", {{floating, "x"}, {integer, "y"}, {text, "z"}}, 3},
        {"/f/<path:rest>", {{literal, "f"}, {path, "rest"}}, 1},
        {"/caf\xC3\xA9/a:b,c", {{literal, "caf\xC3\xA9"}, {literal, "a:b,c"}}, 0},
        {"/int/int/<int:int>", {{literal, "int"}, {literal, "int"}, {integer, "int"}}, 1},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            auto const p = parse_pattern(c.in);
            BOOST_TEST((p.error == pattern_error::none));
            BOOST_TEST(p.parameters() == c.parameters);
            BOOST_TEST_REQUIRE(p.size == c.segments.size());
            for (std::size_t i = 0; i < p.size; ++i) {
                BOOST_TEST((p.segments[i].kind == c.segments[i].kind));
                BOOST_TEST(p.segments[i].text == c.segments[i].text);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(every_mistake_has_its_error) {
    using enum pattern_error;
    struct {
        std::string_view in;
        pattern_error error;
    } const cases[] = {
        {"a", no_leading_slash},
        {"/{id}", braces},
        {"/a{", braces},
        {"/{id}", braces},
        {"/a{", braces},
        {"<id>", no_leading_slash},
        {"/a b", bad_character},
        {"/a?b", bad_character},
        {"/a#b", bad_character},
        {"/%20", bad_character},
        {"/a\tb", bad_character},
        {"/a\x7F", bad_character},
        {"/<id", bad_bracket},
        {"/id>", bad_bracket},
        {"/a<id>", bad_bracket},
        {"/<id>a", bad_bracket},
        {"/<a><b>", bad_bracket},
        {"/<<a>>", bad_bracket},
        {"/<a>>", bad_bracket},
        {"/<", bad_bracket},
        {"/<uuid:id>", unknown_converter},
        {"/<Int:id>", unknown_converter},
        {"/<:id>", unknown_converter},
        {"/<int :id>", unknown_converter},
        {"/<>", bad_name},
        {"/<int:>", bad_name},
        {"/<1a>", bad_name},
        {"/<a-b>", bad_name},
        {"/<a b>", bad_name},
        {"/<int:a:b>", bad_name},
        {"/<a>/<a>", doubled_name},
        {"/<a>/x/<int:a>", doubled_name},
        {"/<a>/<path:a>", doubled_name},
        {"/<path:p>/x", path_not_last},
        {"/<path:p>/", path_not_last},
        {"/<path:p>/<q>", path_not_last},
        {"//", empty_segment},
        {"//a", empty_segment},
        {"/a//b", empty_segment},
        {"/a//", empty_segment},
        {"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", too_many},
        {"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", none},
    };
    for (auto const &c : cases)
        BOOST_TEST_CONTEXT(c.in) BOOST_TEST(static_cast<int>(parse_pattern(c.in).error) == static_cast<int>(c.error));
}

BOOST_AUTO_TEST_CASE(a_literal_may_be_called_like_a_parameter) {
    BOOST_TEST((parse_pattern("/id/<id>").error == pattern_error::none));
}

BOOST_AUTO_TEST_CASE(parameters_have_the_types_of_their_converters_in_order) {
    BOOST_TEST((std::is_same_v<parameters_of<"/a">, std::tuple<>>));
    BOOST_TEST((std::is_same_v<parameters_of<"/<a>/x/<int:b>/<float:c>/<path:d>">,
                               std::tuple<std::string_view, std::int64_t, double, std::string_view>>));
}

BOOST_AUTO_TEST_CASE(a_route_value_knows_its_pattern_and_name) {
    constexpr route<"/articles/<int:id>", "article"> named;
    constexpr route<"/articles"> nameless;
    BOOST_TEST(named.text() == "/articles/<int:id>");
    BOOST_TEST(named.name() == "article");
    BOOST_TEST(named.pattern.parameters() == 1U);
    BOOST_TEST((named.pattern.parameter(0) == segment_kind::integer));
    BOOST_TEST(nameless.name() == "");
}

BOOST_AUTO_TEST_SUITE_END()
