// Values from JSON texts, without a request.
#include "phial/typed/from_json.hpp"

#include "phial/http/http_error.hpp"
#include "phial/typed/write.hpp"
#include "unit/typed/typed_types.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::typed_types;

BOOST_AUTO_TEST_SUITE(values_from_json)

BOOST_AUTO_TEST_CASE(what_was_written_is_the_same_value_again) {
    auto const value = from_json<everything>(everything_text);
    BOOST_TEST(value.rank == 3);
    BOOST_TEST(to_json(from_json<everything>(to_json(value))) == to_json(value));
    BOOST_TEST((from_json<std::vector<int>>(" [1, 2] ") == std::vector{1, 2}));
    BOOST_TEST((from_json<std::map<std::string, bool>>(R"({"a":true})") == std::map<std::string, bool>{{"a", true}}));
    BOOST_TEST(from_json<std::string>(R"("gr\u00fc\u00df")") == "gr\u00fc\u00df");
    BOOST_TEST((from_json<std::optional<int>>("null") == std::nullopt));
}

BOOST_AUTO_TEST_CASE(a_text_that_does_not_fit_is_an_error_that_says_where) {
    auto const fails = [](std::string_view text) {
        try {
            (void)from_json<std::map<std::string, int>>(text);
            return std::string("read");
        } catch (http_error const &e) {
            return std::to_string(e.status()) + ", " + std::to_string(e.faults().size()) + " faults: " + e.what();
        }
    };
    BOOST_TEST(fails(R"({"a":1,"b":"x","c":null})") ==
               "422, 2 faults: The body's /b must be an integer from -2147483648 to 2147483647, and there is one more "
               "fault.");
    BOOST_TEST(fails("[]") == "422, 1 faults: The body must be an object.");
    BOOST_TEST(fails("{").starts_with("400, "));
    BOOST_TEST(fails("").starts_with("400, "));
}

BOOST_AUTO_TEST_SUITE_END()
