// The exception that is an answer.
#include "phial/http/http_error.hpp"

#include <boost/test/unit_test.hpp>

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
}

BOOST_AUTO_TEST_CASE(it_is_thrown_and_caught_with_all_it_says) {
    try {
        throw http_error(405, "not here").add("Allow", "GET");
    } catch (std::runtime_error const &caught) {
        auto const &e = dynamic_cast<http_error const &>(caught);
        BOOST_TEST(e.status() == 405U);
        BOOST_TEST(e.what() == std::string_view("not here"));
        BOOST_TEST(e.headers().size() == 1U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
