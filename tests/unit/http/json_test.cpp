// JSON values made from C++ types, and how they are spaced out.
#include "phial/http/json.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

using namespace phial;

BOOST_AUTO_TEST_SUITE(json_values)

BOOST_AUTO_TEST_CASE(a_value_is_made_from_every_cpp_type_that_json_can_say) {
    struct {
        json value;
        std::string_view text;
    } const cases[] = {
        {json(), "null"},
        {json(nullptr), "null"},
        {json(true), "true"},
        {json(false), "false"},
        {json(0), "0"},
        {json(-7), "-7"},
        {json(short{3}), "3"},
        {json(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808"},
        {json(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615"},
        {json(1.0), "1.0"},
        {json(-0.0), "-0.0"},
        {json(0.1), "0.1"},
        {json(7.5F), "7.5"},
        {json(1e16), "1e+16"},
        {json(1e-5), "1e-05"},
        {json("text"), R"("text")"},
        {json(std::string("")), R"("")"},
        {json(std::string_view("a\0b", 3)), R"("a\u0000b")"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) { BOOST_TEST(c.value.text() == c.text); }
    }
}

BOOST_AUTO_TEST_CASE(strings_are_escaped_to_printable_ascii) {
    struct {
        std::string_view value, text;
    } const cases[] = {
        {"az AZ 09 ~!/<>&'", R"("az AZ 09 ~!/<>&'")"},
        {"\"\\", R"("\"\\")"},
        {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
        {"\x01\x1F\x7F", R"("\u0001\u001f\u007f")"},
        {"é\u2028\uFFFF", R"("\u00e9\u2028\uffff")"},
        {"\U00010000\U0001F600\U0010FFFF", R"("\ud800\udc00\ud83d\ude00\udbff\udfff")"},
        {"a\xFF"
         "b",
         R"("a\ufffdb")"},
        {"\xE2\x82", R"("\ufffd")"},                 // a sequence cut short is one maximal part
        {"\xED\xA0\x80", R"("\ufffd\ufffd\ufffd")"}, // a surrogate has no such part
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) { BOOST_TEST(json(c.value).text() == c.text); }
    }
}

BOOST_AUTO_TEST_CASE(infinity_and_nan_are_refused) {
    for (double const value : {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::quiet_NaN()})
        BOOST_CHECK_THROW(json{value}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(members_of_an_object_are_sorted_by_code_point) {
    json const value{{"b", 1}, {"a", 2}, {"", 3}, {"ab", 4}, {"\U0001F600", 5}, {"\uFFFF", 6}, {"Z", 7}};
    BOOST_TEST(value.text() == R"({"":3,"Z":7,"a":2,"ab":4,"b":1,"\uffff":6,"\ud83d\ude00":5})");
}

BOOST_AUTO_TEST_CASE(of_equal_members_the_last_wins) {
    json const value{{"a", 1}, {"b", 2}, {"a", "last"}};
    BOOST_TEST(value.text() == R"({"a":"last","b":2})");
}

BOOST_AUTO_TEST_CASE(member_names_are_escaped_like_strings) {
    json const value{{"a\"\n\x7F", 1}};
    BOOST_TEST(value.text() == R"({"a\"\n\u007f":1})");
}

BOOST_AUTO_TEST_CASE(values_nest) {
    json_array list;
    json const empty = list;
    list.push_back(1);
    list.push_back(empty);
    list.push_back({{"x", nullptr}, {"y", true}});
    json const before = list;
    list.push_back("more");
    json const value{{"list", list}, {"inner", {{"k", "v"}}}};
    BOOST_TEST(empty.text() == "[]");
    BOOST_TEST(before.text() == R"([1,[],{"x":null,"y":true}])");
    BOOST_TEST(value.text() == R"({"inner":{"k":"v"},"list":[1,[],{"x":null,"y":true},"more"]})");
}

BOOST_AUTO_TEST_CASE(a_made_value_equals_the_parsed_one) {
    json const made{{"hello", "world"}, {"number", 3}};
    BOOST_TEST((made == json::parse(R"( {"number": 3, "hello": "w\u006frld"} )")));
    BOOST_TEST((made != json::parse(R"({"hello":"world","number":3.0})")));
}

BOOST_AUTO_TEST_CASE(dumps_spaces_as_python_does) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {"1", "1"},
        {"null", "null"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"[[],{}]", "[[], {}]"},
        {R"({"hello":"world","number":3})", R"({"hello": "world", "number": 3})"},
        {R"({"a":1,"b":[1,2]})", R"({"a": 1, "b": [1, 2]})"},
        {R"({"a,b:c":"[,:]{}"})", R"({"a,b:c": "[,:]{}"})"},
        {R"(["\"",",\\",":\\\"",1])", R"(["\"", ",\\", ":\\\"", 1])"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) { BOOST_TEST(dumps(json::parse(c.in)) == c.out); }
    }
}

BOOST_AUTO_TEST_CASE(the_tutorials_json_has_31_bytes) {
    BOOST_TEST(dumps({{"hello", "world"}, {"number", 3}}).size() == 31);
}

BOOST_AUTO_TEST_CASE(dumps_indented_breaks_lines_as_python_does) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {"1", "1"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"[1]", "[\n  1\n]"},
        {"[[]]", "[\n  []\n]"},
        {"[{},[]]", "[\n  {},\n  []\n]"},
        {R"({"a":{"b":[1,2]},"c":{}})", "{\n  \"a\": {\n    \"b\": [\n      1,\n      2\n    ]\n  },\n  \"c\": {}\n}"},
        {R"({"[":"]","{":"},:\"","\\":["[","\\"]})",
         "{\n  \"[\": \"]\",\n  \"\\\\\": [\n    \"[\",\n    \"\\\\\"\n  ],\n  \"{\": \"},:\\\"\"\n}"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) { BOOST_TEST(dumps_indented(json::parse(c.in)) == c.out); }
    }
}

BOOST_AUTO_TEST_CASE(spaced_texts_read_back_as_the_same_value) {
    auto const value = json::parse(R"({"a":[{"b,":":"},[[]],"\\",-1.5e-7,"\ud83d\ude00"],"{":{"}":[{}]}})");
    BOOST_TEST((json::parse(dumps(value)) == value));
    BOOST_TEST((json::parse(dumps_indented(value)) == value));
}

BOOST_AUTO_TEST_CASE(names_are_sorted_and_distinguished_as_they_are_written) {
    BOOST_TEST((json{{"\xFF", 1}, {"\xFE", 2}}.text() == "{\"\\ufffd\":2}"));
    BOOST_TEST((json{{"\xFF", 1}, {"\xEE\x80\x80", 2}}.text() == "{\"\\ue000\":2,\"\\ufffd\":1}"));
}

BOOST_AUTO_TEST_CASE(ranges_become_arrays) {
    std::vector<std::vector<int>> const rows{{1}, {}, {2, 3}};
    std::array<std::optional<int>, 2> const maybe{1, std::nullopt};
    int const numbers[] = {1, 2};
    struct {
        json value;
        std::string_view text;
    } const cases[] = {
        {json(std::vector<int>{}), "[]"},
        {json(std::vector{1, 2, 3}), "[1,2,3]"},
        {std::vector{1.0, 0.5}, "[1.0,0.5]"},
        {json(std::vector<bool>{true, false}), "[true,false]"},
        {json(std::vector<std::string>{"a", "\""}), R"(["a","\""])"},
        {json(std::vector<std::uint8_t>{0, 255}), "[0,255]"},
        {json(std::set<int>{3, 1}), "[1,3]"},
        {json(rows), "[[1],[],[2,3]]"},
        {json(maybe), "[1,null]"},
        {json(numbers), "[1,2]"},
        {json(std::vector<json>{1, "a", nullptr}), R"([1,"a",null])"},
        {json(std::views::iota(0, 3)), "[0,1,2]"},
        {json(rows | std::views::filter([](auto const &row) { return !row.empty(); })), "[[1],[2,3]]"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) { BOOST_TEST(c.value.text() == c.text); }
    }
    BOOST_CHECK_THROW(json(std::vector{std::numeric_limits<double>::infinity()}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(maps_become_objects_in_canonical_order) {
    struct {
        json value;
        std::string_view text;
    } const cases[] = {
        {json(std::map<std::string, int>{}), "{}"},
        {json(std::map<std::string, int>{{"b", 1}, {"a", 2}}), R"({"a":2,"b":1})"},
        {json(std::unordered_map<std::string, int>{{"b", 1}, {"c", 3}, {"a", 2}}), R"({"a":2,"b":1,"c":3})"},
        {json(std::map<std::string, int, std::greater<>>{{"b", 1}, {"a", 2}}), R"({"a":2,"b":1})"},
        {json(std::multimap<std::string_view, int>{{"a", 1}, {"a", 2}, {"a", 3}}), R"({"a":3})"},
        {json(std::map<std::string, std::vector<std::string>>{{"x", {"y"}}, {"", {}}}), R"({"":[],"x":["y"]})"},
        {json(std::map<std::string, int>{{"\xFE", 1}, {"\xFF", 2}, {"\xEE\x80\x80", 3}}),
         "{\"\\ue000\":3,\"\\ufffd\":2}"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            BOOST_TEST(c.value.text() == c.text);
            BOOST_TEST((json::parse(c.text) == c.value));
        }
    }
}

BOOST_AUTO_TEST_CASE(optionals_become_their_value_or_null) {
    BOOST_TEST(json(std::optional<int>(7)).text() == "7");
    BOOST_TEST(json(std::optional<int>()).text() == "null");
    BOOST_TEST(json(std::optional<std::string>("x")).text() == R"("x")");
    BOOST_TEST(json(std::optional<std::vector<int>>({1, 2})).text() == "[1,2]");
}

BOOST_AUTO_TEST_CASE(only_what_json_can_say_makes_a_value) {
    static_assert(!std::is_constructible_v<json, std::pair<int, int>>);
    static_assert(!std::is_constructible_v<json, std::vector<std::pair<int, int>>>);
    static_assert(!std::is_constructible_v<json, std::filesystem::path>); // its elements are paths
    static_assert(!std::is_constructible_v<json, void *>);
    static_assert(!std::is_constructible_v<json, std::optional<void *>>);
    static_assert(!std::is_constructible_v<json, std::map<int, int>>); // a name is a text
}

BOOST_AUTO_TEST_CASE(members_and_elements_are_made_from_everything_that_makes_a_value) {
    std::optional<std::string> const nickname;
    json_object inner;
    inner["k"] = 1;
    auto const other = json::parse(R"({"part":[1,{"x":2}]})");
    json const value{{"tags", std::vector<std::string>{"a", "b"}},
                     {"scores", std::map<std::string, double>{{"x", 0.5}}},
                     {"nickname", nickname},
                     {"inner", inner},
                     {"part", other["part"][1]},
                     {"missing", other["nothing"]},
                     {"view", other.view()},
                     {"deep", {{"list", std::array{1, 2}}}}};
    BOOST_TEST(value.text() ==
               R"({"deep":{"list":[1,2]},"inner":{"k":1},"missing":null,"nickname":null,"part":{"x":2},)"
               R"("scores":{"x":0.5},"tags":["a","b"],"view":{"part":[1,{"x":2}]}})");
    json_array list;
    list.push_back(std::vector{1, 2});
    list.push_back(inner);
    list.push_back(nickname);
    list.push_back(other["part"]);
    BOOST_TEST(json(list).text() == R"([[1,2],{"k":1},null,[1,{"x":2}]])");
}

BOOST_AUTO_TEST_CASE(an_object_is_built_key_by_key) {
    json_object user;
    BOOST_TEST(json(user).text() == "{}");
    user["name"] = "Ann";
    user["age"] = 41;
    user["tags"] = std::vector<std::string>{"a", "b"};
    user["address"] = {{"city", "Ghent"}, {"zip", 9000}};
    user["note"] = std::optional<int>();
    user["age"] = 42; // again
    user.set("set", true);
    user[""] = json();
    json_array list;
    list.push_back(1);
    user["list"] = list;
    json_object outer;
    outer["user"] = user;
    BOOST_TEST(json(outer).text() ==
               R"({"user":{"":null,"address":{"city":"Ghent","zip":9000},"age":42,"list":[1],"name":"Ann","note":null,)"
               R"("set":true,"tags":["a","b"]}})");
}

BOOST_AUTO_TEST_CASE(names_of_an_object_are_utf8_and_stay_distinct) {
    json_object object;
    object["\xFF"] = 1;
    object["\xEE\x80\x80"] = 2;
    object.set("\xFE", 3);
    json const value = object;
    BOOST_TEST(value.text() == "{\"\\ue000\":2,\"\\ufffd\":3}");
    BOOST_TEST((json::parse(value.text()) == value));
}

BOOST_AUTO_TEST_SUITE_END()
