// The exception that is an answer.
#include "phial/http/http_error.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace phial;

BOOST_AUTO_TEST_SUITE(http_errors)

BOOST_AUTO_TEST_CASE(the_message_is_the_reason_phrase_unless_there_is_one) {
    BOOST_TEST(http_error(404).status() == 404U);
    BOOST_TEST(http_error(404).what() == std::string_view("Not Found"));
    BOOST_TEST(http_error(404, "").what() == std::string_view("Not Found"));
    BOOST_TEST(http_error(404, "no such user").what() == std::string_view("no such user"));
    BOOST_TEST(http_error(599).what() == std::string_view("Unknown Status"));
}

BOOST_AUTO_TEST_CASE(header_lines_are_kept_in_their_order) {
    using lines = std::vector<std::pair<std::string, std::string>>;
    BOOST_TEST(http_error(405).headers().empty());
    auto const e = http_error(401).add("WWW-Authenticate", "Basic").add("WWW-Authenticate", "Bearer").add("A", "");
    lines const expected{{"WWW-Authenticate", "Basic"}, {"WWW-Authenticate", "Bearer"}, {"A", ""}};
    BOOST_TEST((e.headers() == expected));
    BOOST_TEST(e.field_lines() == "WWW-Authenticate: Basic\r\nWWW-Authenticate: Bearer\r\nA: \r\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_header_field_of_a_response_is_refused_where_it_is_added) {
    BOOST_CHECK_THROW(http_error(401).add("Two words", "x"), std::invalid_argument);
    BOOST_CHECK_THROW(http_error(401).add("X", "a\r\nY: b"), std::invalid_argument);
    BOOST_CHECK_THROW(http_error(401).add("content-length", "1"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(details_are_kept_in_their_order_and_bounded) {
    BOOST_TEST(http_error(422).details().empty());
    std::vector<error_detail> const two{{"/title", "is missing"}, {"", "is no object"}};
    BOOST_TEST((http_error(422, "no", two).details() == two));
    std::vector<error_detail> many(http_error::most_details + 1, {"/x", "no"});
    many.front().pointer = "first";
    auto const e = http_error(422, "no", many);
    BOOST_TEST(e.details().size() == http_error::most_details);
    BOOST_TEST(e.details().front().pointer == "first");
}

BOOST_AUTO_TEST_CASE(long_details_are_cut_between_characters) {
    constexpr auto most = http_error::longest_detail;
    struct {
        std::string text, kept;
    } const cases[] = {
        {std::string(most, 'a'), std::string(most, 'a')},
        {std::string(most + 1, 'a'), std::string(most - 3, 'a') + "..."},
        {std::string(most - 4, 'a') + "\u00E9tait", std::string(most - 4, 'a') + "..."},
        {std::string(most - 5, 'a') + "\u00E9tait", std::string(most - 5, 'a') + "\u00E9..."},
        {std::string(most + 1, '\x80'), "..."},
    };
    for (auto const &c : cases) {
        http_error const e(422, "no", {{c.text, c.text}});
        BOOST_TEST(e.details()[0].pointer == c.kept);
        BOOST_TEST(e.details()[0].message == c.kept);
    }
}

BOOST_AUTO_TEST_CASE(it_is_thrown_and_caught_with_all_it_says) {
    try {
        throw http_error(405, "not here").add("Allow", "GET");
    } catch (std::exception const &caught) {
        auto const &e = dynamic_cast<http_error const &>(caught);
        BOOST_TEST(e.status() == 405U);
        BOOST_TEST(e.what() == std::string_view("not here"));
        BOOST_TEST(e.headers().size() == 1U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
