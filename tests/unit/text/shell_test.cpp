#include "phial/text/shell.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(shell_words)

BOOST_AUTO_TEST_CASE(a_word_is_quoted_if_the_shell_would_change_it) {
    struct {
        std::string_view text;
        std::string_view word;
    } const cases[] = {
        {"/usr/bin/a-b_c.d@e+1", "/usr/bin/a-b_c.d@e+1"},
        {"", "''"},
        {"a b", "'a b'"},
        {"$HOME", "'$HOME'"},
        {"it's", "'it'\\''s'"},
        {"\xC3\xA4", "'\xC3\xA4'"},
    };
    for (auto const &c : cases) BOOST_TEST(shell_word(c.text) == c.word);
}

BOOST_AUTO_TEST_SUITE_END()
