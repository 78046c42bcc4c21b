// Strict-Transport-Security as a setting says it.
#include "phial/http/transport_security.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(transport_securities)

BOOST_AUTO_TEST_CASE(the_line_is_what_the_setting_says) {
    struct {
        std::string_view text, line;
    } const cases[] = {
        {"no", ""},
        {"No", ""},
        {"0", "Strict-Transport-Security: max-age=0\r\n"},
        {"31536000", "Strict-Transport-Security: max-age=31536000\r\n"},
        {" 007 ;INCLUDESUBDOMAINS", "Strict-Transport-Security: max-age=7; includeSubDomains\r\n"},
        {"9; includeSubDomains; preload", "Strict-Transport-Security: max-age=9; includeSubDomains; preload\r\n"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.text) BOOST_TEST(transport_security(c.text).line() == c.line);
    BOOST_TEST(transport_security().line().empty());
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
    for (auto const text : {"", "yes", "-1", "1d", "1; preload; preload", "1; subdomains", "; preload", "1;;preload",
                            "max-age=1", "1\r\nX: y", "99999999999999999999"})
        BOOST_TEST_CONTEXT(text) BOOST_CHECK_THROW(transport_security{text}, std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
