// A table of settings: how flags are read, groups in --help, all faults at once. (Environment, file and what a whole
// service checks: tests/unit/app/settings_test.cpp.)
#include "phial/settings/settings_table.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace phial;

namespace {

struct fixture {
    unsigned port = 80;
    std::string file;
    bool debug = false;
    settings_table table{"TABLE_TEST_"};

    fixture() {
        table.group("Listening");
        table.add(count("port", port, 0, 65535, "port to listen on"));
        table.group("Else");
        table.add(words("file", file, "FILE", "a file"));
        table.group("Listening");
        table.add(yes_no("debug", debug, "debug mode"));
    }

    std::vector<std::string> faults(std::vector<std::string> const &arguments) {
        (void)table.read(arguments);
        try {
            table.require_no_faults();
            return {};
        } catch (settings_error const &e) {
            return e.faults();
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(settings_tables, fixture)

BOOST_AUTO_TEST_CASE(a_value_follows_its_flag_or_an_equals_sign) {
    BOOST_TEST(faults({"--port", "1", "--file=", "--debug"}).empty());
    BOOST_TEST(port == 1U);
    BOOST_TEST(file == "");
    BOOST_TEST(debug);
    BOOST_TEST(table.is_given("file"));
    BOOST_TEST(!table.is_given("config"));
}

BOOST_AUTO_TEST_CASE(a_value_may_hold_an_equals_sign_or_begin_with_one_dash) {
    BOOST_TEST(faults({"--file=a=b"}).empty());
    BOOST_TEST(file == "a=b");
    fixture other;
    BOOST_TEST(other.faults({"--file", "-"}).empty());
    BOOST_TEST(other.file == "-");
}

BOOST_AUTO_TEST_CASE(every_fault_is_named_and_right_values_are_assigned) {
    auto const wrong = faults({"--port=1", "--file", "--debug=x", "stray", "--none", "-p", "---file=1", "--port=2"});
    std::vector<std::string> const expected{
        "--file: its value is missing. Write --file=VALUE",
        "unexpected argument 'stray': settings begin with --",
        "there is no flag '--none'; see --help",
        "there is no flag '-p'; see --help",
        "there is no flag '---file=1'; see --help",
        "--port: it is given more than once",
        "--debug: 'x' is neither yes nor no",
    };
    BOOST_TEST(wrong == expected, boost::test_tools::per_element());
    BOOST_TEST(port == 1U);
    BOOST_TEST(table.is_wrong("debug"));
    BOOST_TEST(table.is_wrong("port"));
    BOOST_TEST(!table.is_wrong("none"));
}

BOOST_AUTO_TEST_CASE(a_question_is_distinguished_from_settings) {
    using enum settings_table::question;
    BOOST_TEST((table.read({"--port=1"}) == none));
    BOOST_TEST((fixture().table.read({"--help"}) == help));
    BOOST_TEST((fixture().table.read({"--version"}) == version));
    BOOST_TEST((fixture().table.read({"--version", "--help"}) == help));
    BOOST_TEST((fixture().table.read({"--help", "--version"}) == help));
    BOOST_TEST((fixture().table.read({"--help", "--unknown"}) == none)); // there is a fault to see
    BOOST_TEST(fixture().faults({"--help=1"}).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_is_there_once) {
    for (auto const *name : {"port", "help", "version", "config"})
        BOOST_CHECK_THROW(table.add(words(name, file, "FILE", "again")), std::logic_error);
}

BOOST_AUTO_TEST_CASE(help_has_groups_whose_headings_are_lines) {
    auto const help = table.help();
    std::istringstream lines(help);
    std::vector<std::string> headings;
    for (std::string line; std::getline(lines, line);) {
        BOOST_TEST_CONTEXT(line) BOOST_TEST(line.size() <= 100U);
        if (!line.empty() && line.front() != ' ') headings.push_back(line);
    }
    std::vector<std::string> const expected{"Listening", "Else", "General"};
    BOOST_TEST(headings == expected, boost::test_tools::per_element());
    BOOST_TEST(
        help.find("  --port N                      port to listen on (80)\n  --debug yes|no                debug "
                  "mode (no)\n\nElse\n") != help.npos);
}

BOOST_AUTO_TEST_SUITE_END()
