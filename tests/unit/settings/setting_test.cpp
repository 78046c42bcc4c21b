// Rows: each kind of value, what it takes and what it says of the rest.
#include "phial/settings/setting.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <vector>

using namespace phial;

namespace {

enum class colour { red, green, blue };

// The fault, or "".
std::string assign(setting const &row, std::string const &text) { return row.assign(text).value_or(""); }

} // namespace

BOOST_AUTO_TEST_SUITE(setting_rows)

BOOST_AUTO_TEST_CASE(a_number_takes_the_ends_of_its_range_and_nothing_outside) {
    std::uint16_t port = 7;
    auto const row = count("port", port, 2, 65535, "port");
    for (auto const *right : {"2", "65535", "100"}) {
        BOOST_TEST(assign(row, right) == "");
        BOOST_TEST(std::to_string(port) == right);
    }
    for (auto const *wrong : {"1", "65536", "x", "", "70000", "1KiB"}) {
        BOOST_TEST(assign(row, wrong) == "'" + std::string(wrong) + "' is not a number between 2 and 65535");
        BOOST_TEST(port == 100U);
    }
}

BOOST_AUTO_TEST_CASE(a_row_shows_the_value_of_its_variable_as_the_default) {
    std::uint64_t size = 32 * kib;
    unsigned time = 60;
    std::string text;
    std::string name = "x";
    bool flag = true;
    auto which = colour::green;
    BOOST_TEST(bytes("a", size, 0, gib, "a").default_text == "32KiB");
    BOOST_TEST(seconds("a", time, 0, day, "a").default_text == "60s");
    BOOST_TEST(words("a", text, "FILE", "a").default_text == "none");
    BOOST_TEST(words("a", name, "FILE", "a").default_text == "x");
    BOOST_TEST(yes_no("a", flag, "a").default_text == "yes");
    BOOST_TEST(word("a", which, {{"red", colour::red}, {"green", colour::green}}, "a").default_text == "green");
    BOOST_TEST(count("a", time, 0, 99, "a").with_default("half of it").default_text == "half of it");
}

BOOST_AUTO_TEST_CASE(a_word_is_one_of_those_listed_with_its_case) {
    auto which = colour::green;
    auto const three =
        word("c", which, {{"red", colour::red}, {"green", colour::green}, {"blue", colour::blue}}, "colour");
    BOOST_TEST(three.argument == "red|green|blue");
    BOOST_TEST(assign(three, "blue") == "");
    BOOST_TEST((which == colour::blue));
    BOOST_TEST(assign(three, "Red") == "'Red' is none of red, green and blue");
    BOOST_TEST(assign(three, "") == "'' is none of red, green and blue");
    auto const two = word("c", which, {{"red", colour::red}, {"green", colour::green}}, "colour");
    BOOST_TEST(assign(two, "blue") == "'blue' is neither red nor green");
    BOOST_TEST((which == colour::blue));
}

BOOST_AUTO_TEST_CASE(yes_and_no_have_several_words_in_any_case) {
    bool on = false;
    auto const row = yes_no("debug", on, "debug");
    for (auto const *yes : {"yes", "YES", "true", "on", "1"}) {
        on = false;
        BOOST_TEST(assign(row, yes) == "");
        BOOST_TEST(on);
    }
    for (auto const *no : {"no", "No", "false", "off", "0"}) {
        on = true;
        BOOST_TEST(assign(row, no) == "");
        BOOST_TEST(!on);
    }
    BOOST_TEST(assign(row, "2") == "'2' is neither yes nor no");
}

BOOST_AUTO_TEST_CASE(an_address_is_numeric) {
    std::string address = "127.0.0.1";
    auto const row = ip_address("address", address, "address");
    for (auto const *right : {"0.0.0.0", "::", "::1", "fe80::1", "::ffff:127.0.0.1"}) {
        BOOST_TEST(assign(row, right) == "");
        BOOST_TEST(address == right);
    }
    for (auto const *wrong : {"localhost", "127.0.0.1:80", "[::1]", "127.1", "256.0.0.1", "", "fe80::1%lo"})
        BOOST_TEST(assign(row, wrong).find(" is not an IPv4 or IPv6 address") != std::string::npos);
    BOOST_TEST(address == "::ffff:127.0.0.1");
}

BOOST_AUTO_TEST_CASE(a_long_value_is_cut_in_messages) {
    BOOST_TEST(in_quotes("x") == "'x'");
    BOOST_TEST(in_quotes(std::string(200, 'x')) == "'" + std::string(200, 'x') + "'");
    BOOST_TEST(in_quotes(std::string(201, 'x')) == "'" + std::string(200, 'x') + "'...");
}

BOOST_AUTO_TEST_CASE(a_folder_exists_and_is_one) {
    testing::temporary_folder const folder;
    BOOST_TEST(!check_folder(folder.path().string()));
    BOOST_TEST(check_folder("/dev/null").value_or("") == "'/dev/null' is not a folder; create it first");
    BOOST_TEST(check_folder("").value_or("") == "'' is not a folder; create it first");
}

BOOST_AUTO_TEST_SUITE_END()
