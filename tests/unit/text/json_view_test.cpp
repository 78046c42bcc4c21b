#include "phial/text/json_view.hpp"

#include "phial/text/json_pointer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;

namespace {

std::string repeated(std::string_view unit, std::size_t times) {
    std::string out;
    while (times-- > 0) out += unit;
    return out;
}

// What members() and elements() see: `name=value;` and `value;`.
std::string listed(std::string_view text) {
    std::string out;
    for (auto const &[name, value] : json_view(text).members()) out += name + "=" + std::string(value.text()) + ";";
    for (auto const element : json_view(text).elements()) out += std::string(element.text()) + ";";
    return out;
}

std::string found(std::string_view text, std::string_view name) {
    auto const member = json_view(text).find(name);
    return member ? std::string(member->text()) : "nothing";
}

template <class T>
std::string got(std::string_view text) {
    auto const value = json_view(text).get<T>();
    return value ? std::to_string(*value) : "nothing";
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_views)

BOOST_AUTO_TEST_CASE(a_value_says_its_kind_and_its_size) {
    struct {
        std::string_view text;
        json_kind kind;
        std::size_t size;
    } const cases[] = {
        {"null", json_kind::null, 0},
        {"true", json_kind::boolean, 0},
        {"false", json_kind::boolean, 0},
        {"0", json_kind::number, 0},
        {"-1.5e-07", json_kind::number, 0},
        {R"("[1,2]")", json_kind::string, 0},
        {R"("")", json_kind::string, 0},
        {"[]", json_kind::array, 0},
        {"[[]]", json_kind::array, 1},
        {"[1,[2,3],{\"a\":4}]", json_kind::array, 3},
        {R"(["a,b","\",","\\",","])", json_kind::array, 4},
        {"{}", json_kind::object, 0},
        {R"({"":{}})", json_kind::object, 1},
        {R"({"a,\"b":",","b":[1,2]})", json_kind::object, 2},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            BOOST_TEST((json_view(c.text).kind() == c.kind));
            BOOST_TEST(json_view(c.text).size() == c.size);
            BOOST_TEST(json_view(c.text).text() == c.text);
        }
    }
    BOOST_TEST((json_view().kind() == json_kind::null));
}

BOOST_AUTO_TEST_CASE(members_and_elements_come_in_the_order_of_the_text) {
    struct {
        std::string_view text, list;
    } const cases[] = {
        {"null", ""},
        {"17", ""},
        {R"("a")", ""},
        {"[]", ""},
        {"{}", ""},
        {"[1]", "1;"},
        {R"([1,"a]",[2,[3]],{"b":[4]},null])", R"(1;"a]";[2,[3]];{"b":[4]};null;)"},
        {R"(["\\","\"","\\\"",",\\\\"])", R"("\\";"\"";"\\\"";",\\\\";)"},
        {R"({"a":1,"b":{"c":2},"d":[3]})", R"(a=1;b={"c":2};d=[3];)"},
        {R"({"":0,"\"":1,"\\":2,"\u00e9":3})", "=0;\"=1;\\=2;\xC3\xA9=3;"},
        {R"({"x":"}","y":"{"})", R"(x="}";y="{";)"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) { BOOST_TEST(listed(c.text) == c.list); }
    }
}

BOOST_AUTO_TEST_CASE(members_are_found_by_their_unescaped_name) {
    std::string_view const text = R"({"":0,"\u0000":1,"\n":2,"\"":3,"A":4,"\\":5,"\\u0041":6,"a":7,"a\u0000":8,"aa":9,)"
                                  R"("a\u00e9":10,"\u00e9":11,"\ue000":12,"\ud83d\ude00":13,"\ud83d\ude00x":14})";
    struct {
        std::string name, value;
    } const cases[] = {
        {"", "0"},
        {std::string(1, '\0'), "1"},
        {"\n", "2"},
        {"\"", "3"},
        {"A", "4"},
        {"\\", "5"},
        {"\\u0041", "6"},
        {"a", "7"},
        {std::string("a\0", 2), "8"},
        {"aa", "9"},
        {"a\xC3\xA9", "10"},
        {"\xC3\xA9", "11"},
        {"\xEE\x80\x80", "12"},
        {"\xF0\x9F\x98\x80", "13"},
        {"\xF0\x9F\x98\x80x", "14"},
        {"B", "nothing"},
        {"b", "nothing"},
        {"aaa", "nothing"},
        {"\\n", "nothing"},
        {"\xC3", "nothing"},         // half of a character
        {"\xF0\x9F\x98", "nothing"}, // most of one
        {"\xFF", "nothing"},         // no UTF-8
        {R"(\u00e9)", "nothing"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.name) { BOOST_TEST(found(text, c.name) == c.value); }
    }
    for (auto const other : {"null", "1", "[]", R"(["a"])", R"("a")", "{}"}) BOOST_TEST(found(other, "a") == "nothing");
}

BOOST_AUTO_TEST_CASE(a_name_inside_a_member_is_not_a_name_of_the_object) {
    std::string_view const text = R"({"a":{"c":1},"b":[{"c":2}],"d":"\"c\":3"})";
    BOOST_TEST(found(text, "c") == "nothing");
    BOOST_TEST(found(text, "d") == R"("\"c\":3")");
}

BOOST_AUTO_TEST_CASE(elements_are_found_by_index) {
    json_view const list(R"([1,[2,3],"4,5"])");
    BOOST_TEST(list.find(0)->text() == "1");
    BOOST_TEST(list.find(1U)->text() == "[2,3]");
    BOOST_TEST(list.find(std::int8_t{2})->text() == R"("4,5")");
    BOOST_TEST(!list.find(3));
    BOOST_TEST(!list.find(-1));
    BOOST_TEST(!list.find(std::numeric_limits<std::uint64_t>::max()));
    BOOST_TEST(!json_view("[]").find(0));
    BOOST_TEST(!json_view(R"({"0":1})").find(0));
    BOOST_TEST(!json_view("7").find(0));
}

BOOST_AUTO_TEST_CASE(integers_are_exact_or_nothing) {
    struct {
        std::string_view text;
        std::string_view i8, u8, i64, u64;
    } const cases[] = {
        {"0", "0", "0", "0", "0"},
        {"127", "127", "127", "127", "127"},
        {"128", "nothing", "128", "128", "128"},
        {"255", "nothing", "255", "255", "255"},
        {"256", "nothing", "nothing", "256", "256"},
        {"-1", "-1", "nothing", "-1", "nothing"},
        {"-128", "-128", "nothing", "-128", "nothing"},
        {"-129", "nothing", "nothing", "-129", "nothing"},
        {"9223372036854775807", "nothing", "nothing", "9223372036854775807", "9223372036854775807"},
        {"9223372036854775808", "nothing", "nothing", "nothing", "9223372036854775808"},
        {"-9223372036854775808", "nothing", "nothing", "-9223372036854775808", "nothing"},
        {"-9223372036854775809", "nothing", "nothing", "nothing", "nothing"},
        {"18446744073709551615", "nothing", "nothing", "nothing", "18446744073709551615"},
        {"18446744073709551616", "nothing", "nothing", "nothing", "nothing"},
        {"1.0", "1", "1", "1", "1"},
        {"-1.0", "-1", "nothing", "-1", "nothing"},
        {"-0.0", "0", "0", "0", "0"},
        {"1000.0", "nothing", "nothing", "1000", "1000"},
        {"1.5", "nothing", "nothing", "nothing", "nothing"},
        {"1e-07", "nothing", "nothing", "nothing", "nothing"},
        {"9007199254740992.0", "nothing", "nothing", "9007199254740992", "9007199254740992"},
        {"-9007199254740992.0", "nothing", "nothing", "-9007199254740992", "nothing"},
        {"9007199254740994.0", "nothing", "nothing", "nothing", "nothing"},
        {"1e+16", "nothing", "nothing", "nothing", "nothing"},
        {"1e+300", "nothing", "nothing", "nothing", "nothing"},
        {R"("1")", "nothing", "nothing", "nothing", "nothing"},
        {"true", "nothing", "nothing", "nothing", "nothing"},
        {"null", "nothing", "nothing", "nothing", "nothing"},
        {"[1]", "nothing", "nothing", "nothing", "nothing"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            BOOST_TEST(got<std::int8_t>(c.text) == c.i8);
            BOOST_TEST(got<std::uint8_t>(c.text) == c.u8);
            BOOST_TEST(got<std::int64_t>(c.text) == c.i64);
            BOOST_TEST(got<std::uint64_t>(c.text) == c.u64);
            BOOST_TEST(got<long long>(c.text) == c.i64);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_number_is_floating_point_unless_it_is_too_large) {
    BOOST_TEST(json_view("3").get<double>().value() == 3.0);
    BOOST_TEST(json_view("0.1").get<double>().value() == 0.1);
    BOOST_TEST(json_view("0.1").get<float>().value() == 0.1F);
    BOOST_TEST(json_view("5e-324").get<double>().value() == 5e-324);
    BOOST_TEST(json_view("123456789012345678901234567890").get<double>().value() == 123456789012345678901234567890.0);
    BOOST_TEST(std::signbit(json_view("-0.0").get<double>().value()));
    BOOST_TEST(!json_view("1" + repeated("0", 400)).get<double>());
    BOOST_TEST(json_view("1e+300").get<double>().has_value());
    BOOST_TEST(!json_view("1e+300").get<float>());
    BOOST_TEST(!json_view("-1e+300").get<float>());
    for (auto const other : {"null", "true", R"("1.0")", "[1.0]", "{}"}) BOOST_TEST(!json_view(other).get<double>());
}

BOOST_AUTO_TEST_CASE(only_booleans_are_bool) {
    BOOST_TEST(json_view("true").get<bool>().value());
    BOOST_TEST(!json_view("false").get<bool>().value());
    for (auto const other : {"null", "1", "0", R"("true")", "[true]", "{}"}) BOOST_TEST(!json_view(other).get<bool>());
}

BOOST_AUTO_TEST_CASE(strings_are_unescaped_to_utf8) {
    struct {
        std::string_view text;
        std::string value;
    } const cases[] = {
        {R"("")", ""},
        {R"("plain")", "plain"},
        {R"("\"\\\b\f\n\r\t")", "\"\\\b\f\n\r\t"},
        {R"("a\u0000b")", std::string("a\0b", 3)},
        {R"("\u007f\u00e9\u2028\uffff")", "\x7F\xC3\xA9\xE2\x80\xA8\xEF\xBF\xBF"},
        {R"("\ud83d\ude00\udbff\udfff")", "\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF"},
        {R"("\\u0041")", "\\u0041"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) { BOOST_TEST(json_view(c.text).get<std::string>().value() == c.value); }
    }
    for (auto const other : {"null", "1", "true", R"(["a"])", R"({"a":"b"})"})
        BOOST_TEST(!json_view(other).get<std::string>());
}

BOOST_AUTO_TEST_CASE(ranges_are_forward_ranges) {
    auto const elements = json_view("[3,1,2]").elements();
    static_assert(std::forward_iterator<decltype(elements.begin())>);
    BOOST_TEST(std::distance(elements.begin(), elements.end()) == 3);
    auto const largest = std::max_element(elements.begin(), elements.end(), [](auto const &a, auto const &b) {
        return a.template get<int>() < b.template get<int>();
    });
    BOOST_TEST((*largest).text() == "3");
    std::vector<json_view> const all(elements.begin(), elements.end());
    BOOST_TEST(all.size() == 3U);
}

BOOST_AUTO_TEST_CASE(depth_costs_no_stack) {
    constexpr std::size_t depth = 1'000'000;
    auto const text = repeated("[", depth) + repeated("]", depth);
    BOOST_TEST(json_view(text).size() == 1U);
    BOOST_TEST(json_view(text).find(0)->text().size() == text.size() - 2);
    BOOST_TEST(json_pointer(json_view(text), json_view(std::string_view(text).substr(depth - 1, 2)), 6) == "/0/0/0...");
}

// Each backslash before a quote is counted once.
BOOST_AUTO_TEST_CASE(many_backslashes_are_passed_over_in_linear_time) {
    auto const text = "[\"" + repeated("\\\\", 1'000'000) + repeated("\\\"", 1'000'000) + "\",1]";
    BOOST_TEST(json_view(text).size() == 2U);
    BOOST_TEST(json_view(text).find(1)->text() == "1");
}

BOOST_AUTO_TEST_CASE(a_text_that_is_not_canonical_is_not_read_beyond_its_end) {
    for (std::string_view const whole : {R"({"a":[1,"b\u00e9\\",{"c":null}],"d":"\ud83d\ude00"})", R"([[],{},"\""])",
                                         "]}:,", "\"\\", "{\"a\"", "{\"", "{]", "[,,]", "{:}", "", "[", "-"}) {
        for (std::size_t n = 0; n <= whole.size(); ++n) {
            for (std::size_t first = 0; first <= n; ++first) {
                std::vector<char> const copy(whole.begin() + static_cast<std::ptrdiff_t>(first),
                                             whole.begin() + static_cast<std::ptrdiff_t>(n)); // for the sanitizer
                json_view const view(std::string_view(copy.data(), copy.size()));
                (void)view.find("d");
                (void)view.get<std::string>();
                (void)view.get<int>();
                (void)view.get<bool>();
                BOOST_TEST(listed(view.text()).size() <= 4 * copy.size() + 4);
                for (auto const element : view.elements()) (void)json_pointer(view, element, 10);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_pointer_says_where_a_part_is) {
    std::string_view const text = R"({"a/b":[1,{"c~":[[],[2,",:"]]}],"e":{"\u00e9\"":"x:"},"f":[[1,2],{"g":{}}]})";
    struct {
        std::string_view part, pointer;
    } const cases[] = {
        {text, ""},
        {"[1,{", "/a~1b"},
        {"1,{", "/a~1b/0"},
        {"{\"c~", "/a~1b/1"},
        {"[[],", "/a~1b/1/c~0"},
        {"[],[", "/a~1b/1/c~0/0"},
        {"2,\"", "/a~1b/1/c~0/1/0"},
        {"\",:\"", "/a~1b/1/c~0/1/1"},
        {"\"x:\"", "/e/\xC3\xA9\""},
        {"[[1,2", "/f"},
        {"2],{", "/f/0/1"},
        {"{}}]", "/f/1/g"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.part) {
            json_view const part(text.substr(text.find(c.part)));
            BOOST_TEST(json_pointer(json_view(text), part, 100) == c.pointer);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_long_pointer_is_cut_between_characters) {
    auto const text = "{\"" + repeated("\\u00e9", 1000) + "\":{\"b\":1}}";
    json_view const part(std::string_view(text).substr(text.find("1}}"), 1));
    BOOST_TEST(json_pointer(json_view(text), part, 10) == "/" + repeated("\xC3\xA9", 4) + "...");
    BOOST_TEST(json_pointer(json_view(text), part, 2003) == "/" + repeated("\xC3\xA9", 1000) + "/b");
    BOOST_TEST(json_pointer(json_view(text), part, 2002) == "/" + repeated("\xC3\xA9", 1000) + "/...");
}

BOOST_AUTO_TEST_SUITE_END()
