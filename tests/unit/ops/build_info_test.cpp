// What --version prints.
#include "phial/ops/build_info.hpp"

#include <boost/test/unit_test.hpp>
#include <boost/version.hpp>

#include <regex>
#include <string>

using namespace phial;

BOOST_AUTO_TEST_SUITE(building)

BOOST_AUTO_TEST_CASE(the_build_info_names_version_compiler_and_boost) {
    auto const info = build_info("phial", "1.2.3");
    BOOST_TEST_CONTEXT(info) {
        BOOST_TEST(std::regex_match(info, std::regex(R"(phial \S+ \((g\+\+|clang) \d+\.\d+, Boost \d+\.\d+\))")));
        BOOST_TEST(info.starts_with("phial 1.2.3 ("));
        auto const boost = std::to_string(BOOST_VERSION / 100000) + "." + std::to_string(BOOST_VERSION / 100 % 1000);
        BOOST_TEST(info.ends_with("Boost " + boost + ")"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
