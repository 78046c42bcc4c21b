// The members of objects are put in order.
#include "unit/http/json_reading.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

namespace {

struct document {
    std::string sent;
    std::string canonical;
};

// A value with objects whose members are out of order, and may be doubled.
document random_document(std::mt19937 &random, int depth) {
    if (depth == 0 || random() % 5 == 0) {
        auto const text = std::to_string(random() % 1000);
        return {text, text};
    }
    document out;
    if (random() % 3 == 0) {
        out = {"[", "["};
        for (auto n = random() % 4; n > 0; --n) {
            auto const element = random_document(random, depth - 1);
            out.sent += (out.sent.size() > 1 ? "," : "") + element.sent;
            out.canonical += (out.canonical.size() > 1 ? "," : "") + element.canonical;
        }
        return {out.sent + "]", out.canonical + "]"};
    }
    std::map<std::string, std::string> members;
    for (auto n = random() % 5; n > 0; --n) {
        auto const key = std::string(1, static_cast<char>('a' + random() % 6));
        auto const value = random_document(random, depth - 1);
        out.sent += (out.sent.empty() ? "\"" : " , \"") + key + "\": " + value.sent;
        members[key] = value.canonical;
    }
    for (auto const &[key, value] : members)
        out.canonical += (out.canonical.empty() ? "\"" : ",\"") + key + "\":" + value;
    return {"{" + out.sent + "}", "{" + out.canonical + "}"};
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_orders)

BOOST_AUTO_TEST_CASE(of_equal_keys_the_last_wins) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {R"({"a":1,"a":2})", R"({"a":2})"},
        {R"({"a":1,"a":2,"a":3})", R"({"a":3})"},
        {R"({"a":1,"b":2,"a":3,"b":[4,5]})", R"({"a":3,"b":[4,5]})"},
        {R"({"b":1,"a":2,"c":3,"b":{}})", R"({"a":2,"b":{},"c":3})"},
        {R"({"a":1,"\u0061":2})", R"({"a":2})"},
        {R"({"":1,"":2})", R"({"":2})"},
        {R"({"x":{"a":1,"a":[{"b":1,"b":2}]}})", R"({"x":{"a":[{"b":2}]}})"},
        {R"({"x":{"a":1,"b":2},"x":{"c":1,"c":{}}})", R"({"x":{"c":{}}})"},
        {R"([{"a":1,"a":2},{"a":3,"a":4}])", R"([{"a":2},{"a":4}])"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) { BOOST_TEST(read(c.in).message == c.out); }
    }
}

BOOST_AUTO_TEST_CASE(keys_are_compared_by_code_points_however_they_are_written) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {R"({"a":1,"a b":2,"a!":3})", R"({"a":1,"a b":2,"a!":3})"},
        {R"({"a!":1,"a":2})", R"({"a":2,"a!":1})"},
        {R"({" ":1,"":2})", R"({"":2," ":1})"},
        {R"({"":1," ":2})", R"({"":1," ":2})"},
        {R"({"12345678b":1,"12345678a":2,"12345678":3})", R"({"12345678":3,"12345678a":2,"12345678b":1})"},
        {R"({"b":1,"\"":2,"a":3})", R"({"\"":2,"a":3,"b":1})"},
        {R"({"\\":1,"z":2,"Z":3})", R"({"Z":3,"\\":1,"z":2})"},
        {R"({"z":{"y":1,"\u00e9":2,"x":3},"\u00e9":4,"a":5})", R"({"a":5,"z":{"x":3,"y":1,"\u00e9":2},"\u00e9":4})"},
        {R"({"b":1,"a":2,"b":3,"c":4})", R"({"a":2,"b":3,"c":4})"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) { BOOST_TEST(read(c.in).message == c.out); }
    }
}

BOOST_AUTO_TEST_CASE(objects_of_every_size_are_put_in_order_inside_each_other) {
    for (std::size_t size = 950; size < 1050; ++size) {
        BOOST_TEST_CONTEXT(size) {
            auto const x = std::string(size, 'x');
            auto const inner = R"({"c":"","b":{"y":1,"x":2}})";
            BOOST_TEST(read("{\"b\":\"" + x + "\",\"a\":" + inner + ",\"a\":" + inner + "}").message ==
                       "{\"a\":{\"b\":{\"x\":2,\"y\":1},\"c\":\"\"},\"b\":\"" + x + "\"}");
        }
    }
    for (unsigned const n : {15U, 16U, 17U, 60U, 200U})
        BOOST_TEST(read("{" + numbered_members(n, 7) + "}").message ==
                   read("{" + numbered_members(n, 7) + ",\"100000\":0}").message);
}

BOOST_AUTO_TEST_CASE(objects_are_put_in_order_at_every_depth) {
    std::mt19937 random(12); // NOLINT(cert-msc51-cpp): the same documents each time
    for (int i = 0; i < 300; ++i) {
        auto const d = random_document(random, 1 + i % 12);
        BOOST_TEST_CONTEXT(d.sent) { BOOST_TEST(read(d.sent).message == d.canonical); }
    }
}

BOOST_AUTO_TEST_CASE(deep_objects_that_are_out_of_order_are_put_in_order) {
    std::size_t const depth = message_limits().json_depth;
    auto const long_text = repeated("x", 10'000);
    auto sent = "{\"z\":0,\"y\":\"" + long_text + "\",\"y\":1}";
    std::string canonical = R"({"y":1,"z":0})";
    for (std::size_t i = 1; i < depth; ++i) {
        sent = "{\"b\":" + sent + ",\"a\":1}";
        canonical = "{\"a\":1,\"b\":" + canonical + "}";
    }
    BOOST_TEST(read(sent).message == canonical);
}

BOOST_AUTO_TEST_SUITE_END()
