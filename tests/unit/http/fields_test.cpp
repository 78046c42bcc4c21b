// Looking up header fields.
#include "phial/http/fields.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

using namespace phial;

BOOST_AUTO_TEST_SUITE(header_fields)

std::array<field, 5> const lines{
    {{"Host", "a"}, {"Accept", "text/html"}, {"X", ""}, {"ACCEPT", "*/*;q=0.1"}, {"x", "1"}}};

BOOST_AUTO_TEST_CASE(names_have_no_case_and_the_first_line_is_found) {
    fields_view const fields(lines);
    BOOST_TEST(fields.find("host").value() == "a");
    BOOST_TEST(fields.find("aCCEPT").value() == "text/html");
    BOOST_TEST(fields.find("x").value() == ""); // there, and empty
    BOOST_TEST(!fields.find("Hos").has_value());
    BOOST_TEST(!fields.find("Hosts").has_value());
    BOOST_TEST(!fields.find("").has_value());
}

BOOST_AUTO_TEST_CASE(lines_of_a_name_are_counted) {
    fields_view const fields(lines);
    BOOST_TEST(fields.count("accept") == 2U);
    BOOST_TEST(fields.count("HOST") == 1U);
    BOOST_TEST(fields.count("Y") == 0U);
    BOOST_TEST(fields.size() == 5U);
}

BOOST_AUTO_TEST_CASE(of_several_lines_none_is_the_only_one) {
    fields_view const fields(lines);
    BOOST_TEST(fields.find_only("HOST").value_or("none") == "a");
    BOOST_TEST(!fields.find_only("accept").has_value());
    BOOST_TEST(!fields.find_only("x").has_value());
    BOOST_TEST(!fields.find_only("Y").has_value());
}

BOOST_AUTO_TEST_CASE(lines_of_a_name_are_one_list) {
    fields_view const fields(lines);
    BOOST_TEST(fields.joined("Accept") == "text/html, */*;q=0.1");
    BOOST_TEST(fields.joined("host") == "a");
    BOOST_TEST(fields.joined("X") == "1");
    BOOST_TEST(fields.joined("none") == "");
}

BOOST_AUTO_TEST_CASE(lines_keep_their_order) {
    std::string seen;
    for (auto const &line : fields_view(lines)) seen.append(line.name).append(":").append(line.value).append("|");
    BOOST_TEST(seen == "Host:a|Accept:text/html|X:|ACCEPT:*/*;q=0.1|x:1|");
}

BOOST_AUTO_TEST_CASE(no_lines_are_no_trouble) {
    fields_view const none;
    BOOST_TEST(!none.find("Host").has_value());
    BOOST_TEST(none.size() == 0U);
    BOOST_TEST((none.begin() == none.end()));
}

BOOST_AUTO_TEST_SUITE_END()
