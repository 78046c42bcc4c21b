// The exception that is an answer.
#include "phial/http/http_error.hpp"

#include "phial/http/json.hpp"

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

BOOST_AUTO_TEST_CASE(faults_are_kept_in_their_order_and_bounded) {
    BOOST_TEST(http_error(422).faults().empty());
    fault_list const two{{.pointer = "/title", .detail = "is missing"}, {.detail = "is no object", .got = "[]"}};
    http_error const kept(422, "no", two);
    BOOST_TEST((fault_list(kept.faults().begin(), kept.faults().end()) == two));
    fault_list many(http_error::most_faults + 1, {.pointer = "/x", .detail = "no"});
    many.front().pointer = "/first";
    auto const e = http_error(422, "no", many);
    BOOST_TEST(e.faults().size() == http_error::most_faults);
    BOOST_TEST(e.faults().front().pointer == "/first");
}

BOOST_AUTO_TEST_CASE(long_texts_of_faults_are_cut_between_characters) {
    constexpr auto most = http_error::longest_text;
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
        http_error const e(422, "no", {{.parameter = c.text, .detail = c.text, .expected = c.text, .got = c.text}});
        auto const &f = e.faults()[0];
        for (auto const &text : {f.parameter, f.detail, f.expected, f.got}) BOOST_TEST(text == c.kept);
    }
}

BOOST_AUTO_TEST_CASE(a_long_pointer_points_to_what_is_around_the_value) {
    constexpr auto most = http_error::longest_pointer;
    std::string const long_step(most - 2, 'a'), longest = "/a/" + std::string(most - 3, 'b');
    struct {
        std::string pointer, kept;
    } const cases[] = {{longest, longest},
                       {longest + 'b', "/a"},
                       {"/a/" + long_step + "/c", "/a"},
                       {"/" + long_step + "bb", ""},
                       {std::string(most + 1, 'a'), ""}};
    for (auto const &c : cases)
        BOOST_TEST(http_error(422, "no", {{.pointer = c.pointer}}).faults()[0].pointer == c.kept);
}

BOOST_AUTO_TEST_CASE(members_are_added_and_replaced_but_not_those_of_the_error_itself) {
    BOOST_TEST(http_error(403).members() == nullptr);
    auto const first = http_error(403).with("balance", 30).with("type", "/probs/credit");
    auto const second = http_error(first).with("balance", 20);
    BOOST_TEST(first.members()->at("balance").text() == "30");
    BOOST_TEST(second.members()->at("balance").text() == "20");
    BOOST_TEST(second.members()->size() == 2U);
    for (auto const *own : {"status", "detail", "message"})
        BOOST_CHECK_THROW(http_error(403).with(own, 1), std::invalid_argument);
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
