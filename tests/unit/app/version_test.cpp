// What the service calls itself.
#include "app/version.hpp"

#include <boost/test/unit_test.hpp>

#include <regex>
#include <string>

using namespace phial;

BOOST_AUTO_TEST_SUITE(versions)

BOOST_AUTO_TEST_CASE(the_version_is_three_numbers_and_maybe_the_commit) {
    // As https://semver.org has it.
    BOOST_TEST(std::regex_match(std::string(version()), std::regex(R"(\d+\.\d+\.\d+(\+[0-9A-Za-z.-]+)?)")));
}

BOOST_AUTO_TEST_SUITE_END()
