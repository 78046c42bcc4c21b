#include "phial/text/wiped_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>
#include <utility>

using namespace phial;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(wiped_texts)

BOOST_AUTO_TEST_CASE(it_holds_the_text_with_a_nul_at_its_end) {
    for (auto const s : {""sv, "a"sv, "secret"sv, "a\0b"sv}) {
        wiped_text const copy(s);
        BOOST_TEST(copy.view() == s);
        BOOST_TEST(copy.c_str()[s.size()] == '\0');
    }
}

BOOST_AUTO_TEST_CASE(moving_it_moves_no_byte) {
    wiped_text first("secret");
    auto const *at = first.c_str();
    wiped_text const second(std::move(first));
    BOOST_TEST(static_cast<void const *>(second.c_str()) == static_cast<void const *>(at));
    BOOST_TEST(second.view() == "secret");
}

BOOST_AUTO_TEST_SUITE_END()
