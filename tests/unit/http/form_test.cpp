// name=value pairs of queries and forms.
#include "phial/http/form.hpp"
#include "phial/http/http_error.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(form)

BOOST_AUTO_TEST_CASE(pairs_are_split_at_ampersands_and_decoded) {
    struct {
        std::string_view text;
        form_fields pairs;
    } const cases[] = {
        {"", {}},
        {"a=1", {{"a", "1"}}},
        {"a=1&b=2&a=3", {{"a", "1"}, {"b", "2"}, {"a", "3"}}},
        {"&&a=1&&", {{"a", "1"}}},
        {"&", {}},
        {"a", {{"a", ""}}},
        {"a=", {{"a", ""}}},
        {"=", {{"", ""}}},
        {"=v", {{"", "v"}}},
        {"a=b=c", {{"a", "b=c"}}},
        {"a=1;b=2", {{"a", "1;b=2"}}},
        {"a+b=c+d%20e", {{"a b", "c d e"}}},
        {"a%3D%26b=c%3D%26d", {{"a=&b", "c=&d"}}},
        {"a=%2525", {{"a", "%25"}}},
        {"a=%&b=%4&c=%zz", {{"a", "%"}, {"b", "%4"}, {"c", "%zz"}}},
        {"n=%C3%A9", {{"n", "é"}}},
        {"n=%FF&\xFF=\xC3\xA9", {{"n", "\uFFFD"}, {"\uFFFD", "é"}}},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const pairs = parse_form(c.text);
            BOOST_REQUIRE(pairs.size() == c.pairs.size());
            for (std::size_t i = 0; i < pairs.size(); ++i) {
                BOOST_TEST(pairs[i].first == c.pairs[i].first);
                BOOST_TEST(pairs[i].second == c.pairs[i].second);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_fields_of_a_form_are_counted_and_bounded) {
    quota budget(100'000);
    auto const account = std::make_shared<memory_account>(&budget);
    auto const is_413 = [](http_error const &e) { return e.status() == 413; };
    auto const many = [](std::size_t n) {
        std::string text;
        while (n-- > 0) text += "a&";
        return text;
    };
    {
        auto const fields = parse_form(many(100), 100, account);
        BOOST_TEST(fields.size() == 100U);
        BOOST_TEST(budget.used() >= 100 * sizeof(form_fields::value_type));
        BOOST_CHECK_EXCEPTION((void)parse_form(many(101), 100, account), http_error, is_413);
    }
    BOOST_TEST(budget.used() == 0U);
    // Bytes that are not UTF-8 become three times as many.
    BOOST_TEST(parse_form("a=" + std::string(20'000, '\xFF'), 100, account).front().second.size() == 60'000U);
    BOOST_CHECK_EXCEPTION((void)parse_form("a=" + std::string(30'000, '\xFF'), 100, account), http_error, is_413);
    BOOST_TEST(budget.used() == 0U);
}

BOOST_AUTO_TEST_CASE(pairs_are_decoded_by_their_charset) {
    auto const pairs = parse_form("n%E9=caf\xE9&euro=%80&a=b+c", charset::windows_1252);
    form_fields const expected{{"né", "café"}, {"euro", "€"}, {"a", "b c"}};
    BOOST_TEST((pairs == expected));
}

BOOST_AUTO_TEST_CASE(the_first_value_of_a_decoded_name_is_found) {
    struct {
        std::string_view text, name;
        std::optional<std::string> value;
    } const cases[] = {
        {"", "a", std::nullopt},
        {"a=1&a=2", "a", "1"},
        {"b=1&a=2", "a", "2"},
        {"%61=1&a=2", "a", "1"},
        {"A=1", "a", std::nullopt},
        {"ab=1", "a", std::nullopt},
        {"a", "a", ""},
        {"a=", "a", ""},
        {"a=+%2B", "a", " +"},
        {"a+b=1", "a b", "1"},
        {"a+b=1", "a+b", std::nullopt}, // sent, it is "a b"
        {"%41=1", "%41", std::nullopt}, // and this is "A"
        {"a%2Bb=1", "a+b", "1"},
        {"\xFF=1", "\uFFFD", "1"},
        {"x=a=1", "a", std::nullopt},
        {"x;a=1", "a", std::nullopt},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text << " for " << c.name) {
            auto const value = form_value(c.text, c.name);
            BOOST_REQUIRE(value.has_value() == c.value.has_value());
            if (value) BOOST_TEST(*value == *c.value);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
