// What the members of a struct have when a client does not send them.
#include "phial/typed/write.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <vector>

using namespace phial;

namespace {

enum class size { small, large };
int next() {
    static int last = 0;
    return ++last;
}
struct inner {
    number_of<1, 5> n = 2;
    text_of<> word = "x";
};
struct outer {
    int required;
    int n = 7;
    text_of<> text = "";
    size wanted = size::large;
    std::optional<int> nothing;
    std::optional<int> something = 3;
    list_of<int> list = {1, 2};
    inner part;
    moment now = moment(std::chrono::milliseconds(1));
    int different = next();
    double endless = std::numeric_limits<double>::infinity();
};

} // namespace

BOOST_AUTO_TEST_CASE(initialisers_are_written_as_json) {
    std::vector<std::string> const expected{"", "7", "\"\"", "\"large\"", "", "3", "[1,2]", R"({"n":2,"word":"x"})",
                                            "", "",  ""};
    BOOST_TEST(initialisers(schema_of<outer>) == expected, boost::test_tools::per_element());
}
