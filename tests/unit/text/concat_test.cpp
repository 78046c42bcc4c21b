#include "phial/text/concat.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(concat_)

BOOST_AUTO_TEST_CASE(texts_of_every_kind_are_joined) {
    std::string const string = "b";
    std::string_view const view("c\0d", 3);
    char const *const pointer = "e";
    BOOST_TEST(concat() == "");
    BOOST_TEST(concat("") == "");
    BOOST_TEST(concat("a", string, view, pointer) == std::string("abc\0de", 6));
}

BOOST_AUTO_TEST_CASE(integers_keep_all_their_digits) {
    BOOST_TEST(concat(0, " ", -1, " ", 42U, " ", std::uint8_t{200}) == "0 -1 42 200");
    BOOST_TEST(concat(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    BOOST_TEST(concat(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
}

BOOST_AUTO_TEST_CASE(floats_are_printed_as_python_does) {
    BOOST_TEST(concat(1.0, " ", 7.5F, " ", 0.1, " ", 1e-5, " ", 1e16, " ", -0.0) == "1.0 7.5 0.1 1e-05 1e+16 -0.0");
}

BOOST_AUTO_TEST_SUITE_END()
