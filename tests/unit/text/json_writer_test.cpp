// JSON texts, piece by piece.
#include "phial/text/json_writer.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>

using namespace phial;

BOOST_AUTO_TEST_SUITE(json_writers)

BOOST_AUTO_TEST_CASE(members_and_elements_come_in_their_order) {
    json_writer w;
    w.object([&] {
        w.text("z", "Tea \"hot\"");
        w.number("low", std::numeric_limits<std::int64_t>::min());
        w.number("high", std::numeric_limits<std::uint64_t>::max());
        w.number("half", 0.5);
        w.raw("raw", "[1]");
        w.array("list", [&] {
            w.text("a");
            w.object([] {});
            w.array([&] { w.raw("null"); });
        });
        w.object("empty", [] {});
        w.key("a");
        w.text("last");
    });
    BOOST_TEST(w.take() == R"({"z":"Tea \"hot\"","low":-9223372036854775808,"high":18446744073709551615,)"
                           R"("half":0.5,"raw":[1],"list":["a",{},[null]],"empty":{},"a":"last"})");
}

BOOST_AUTO_TEST_CASE(a_single_value_is_a_text) {
    json_writer w;
    w.text("\xff");
    BOOST_TEST(w.take() == R"("\ufffd")");
}

BOOST_AUTO_TEST_SUITE_END()
