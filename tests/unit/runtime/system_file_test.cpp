#include "phial/runtime/system_file.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

BOOST_AUTO_TEST_SUITE(system_files)

BOOST_AUTO_TEST_CASE(the_whole_text_is_read) {
    BOOST_TEST(read_system_file("/proc/self/stat").ends_with('\n'));
    temporary_folder const folder;
    auto const path = folder.path() / "long";
    std::string const text(10'000, 'x');
    std::ofstream(path) << text;
    BOOST_TEST(read_system_file(path) == text);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_empty) {
    BOOST_TEST(read_system_file("/does/not/exist").empty());
    BOOST_TEST(read_system_file("/proc").empty());
}

BOOST_AUTO_TEST_CASE(numbers_are_taken_one_after_the_other) {
    std::string_view text = "12  18446744073709551615\n";
    BOOST_TEST((take_number(text) == 12U));
    BOOST_TEST((take_number(text) == 18446744073709551615U));
    BOOST_TEST(text == "\n");
    BOOST_TEST(!take_number(text));
    for (std::string_view none : {"", " ", "max", "-1", "18446744073709551616"}) BOOST_TEST(!take_number(none));
}

BOOST_AUTO_TEST_SUITE_END()
