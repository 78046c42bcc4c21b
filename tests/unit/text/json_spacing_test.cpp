#include "phial/text/json_spacing.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;

namespace {

std::string spaced(std::string_view text) {
    std::string out(text.size() + json_separators(text) + json_spacing_slack, '#');
    out.resize(static_cast<std::size_t>(copy_spaced_json(out.data(), text) - out.data()));
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_spacing)

BOOST_AUTO_TEST_CASE(commas_and_colons_outside_strings_get_a_space) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {"", ""},
        {"1", "1"},
        {"[1,2]", "[1, 2]"},
        {R"({"a":1,"b":[2,3]})", R"({"a": 1, "b": [2, 3]})"},
        {R"([",:","\",:","\\",":\\\""])", R"([",:", "\",:", "\\", ":\\\""])"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) { BOOST_TEST(spaced(c.in) == c.out); }
    }
}

// Texts are looked at in blocks of 64 bytes.
BOOST_AUTO_TEST_CASE(strings_and_escapes_go_on_from_block_to_block) {
    for (std::size_t before = 0; before < 150; ++before) {
        BOOST_TEST_CONTEXT(before) {
            auto const first = "\"" + std::string(before, 'x');
            BOOST_TEST(spaced("[" + first + ",\",1]") == "[" + first + ",\", 1]");
            BOOST_TEST(spaced("[" + first + "\\\",\",1]") == "[" + first + "\\\",\", 1]");
            BOOST_TEST(spaced("[" + first + "\\\\\",\":\"]") == "[" + first + "\\\\\", \":\"]");
        }
    }
}

BOOST_AUTO_TEST_CASE(separators_are_counted_outside_strings) {
    BOOST_TEST(json_separators(R"({"a:":1,"b,":[2,3,"\":"]})") == 5U);
    BOOST_TEST(json_separators("[" + std::string(100, ',') + "]") == 100U);
}

BOOST_AUTO_TEST_SUITE_END()
