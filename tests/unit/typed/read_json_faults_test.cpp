// What does not fit into a struct, and what reading may take.
#include "phial/runtime/quota.hpp"
#include "unit/typed/reading.hpp"
#include "unit/typed/typed_types.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace phial::typed_types;
using namespace std::chrono;

BOOST_AUTO_TEST_SUITE(faults_of_json)

BOOST_AUTO_TEST_CASE(a_value_that_does_not_fit_is_named_with_what_was_expected_and_what_came) {
    struct {
        std::string_view part, instead; // of everything_text
        std::string_view pointer, expected, got;
    } const cases[] = {
        {R"("flag":true)", R"("flag":1)", "/flag", "true or false", "1"},
        {"-128", "-129", "/small", "an integer from -128 to 127", "-129"},
        {"-128", "1.5", "/small", "an integer from -128 to 127", "1.5"},
        {"-128", "1e400", "", "", ""}, // is no JSON here
        {"18446744073709551615", "18446744073709551616", "/large", "an integer from 0 to 18446744073709551615",
         "18446744073709551616"},
        {"18446744073709551615", "-1", "/large", "an integer from 0 to 18446744073709551615", "-1"},
        {R"("rank":3)", R"("rank":6)", "/rank", "an integer from 1 to 5", "6"},
        {R"("rank":3)", R"("rank":0)", "/rank", "an integer from 1 to 5", "0"},
        {"0.5", "1.01", "/share", "a number from 0.0 to 1.0", "1.01"},
        {"0.5", "-1", "/share", "a number from 0.0 to 1.0", "-1"},
        {"1.5", "1e300", "/narrow", "a number", "1e300"},
        {"-2.25", "\"x\"", "/wide", "a number", "\"x\""},
        {R"(gr\u00fc\u00df)", "a", "/word", "a text of 2 to 5 characters", "a text of 1 characters"},
        {R"(gr\u00fc\u00df)", "abcdef", "/word", "a text of 2 to 5 characters", "a text of 6 characters"},
        {R"("a-b")", R"("A")", "/name", "a text of at most 20 characters: small letters and -", "\"A\""},
        {R"("plain":"")", R"("plain":null)", "/plain", "a text", "null"},
        {R"("blue")", R"("pink")", "/paint", "red, green or blue", "\"pink\""},
        {R"(2026-11-28T12:00:00.250+01:00)", "2026-11-28", "/at", "a date and time such as 2026-11-28T12:00:00Z",
         "\"2026-11-28\""},
        {"2024-02-29", "2023-02-29", "/on", "a date such as 2026-11-28", "\"2023-02-29\""},
        {R"(["a","bc"])", "[]", "/tags", "a list of 1 to 3 elements", "a list of 0 elements"},
        {R"(["a","bc"])", R"(["a","b","c","d"])", "/tags", "a list of 1 to 3 elements", "a list of 4 elements"},
        {R"(["a","bc"])", R"(["a","long"])", "/tags/1", "a text of 1 to 3 characters", "a text of 4 characters"},
        {"[1,-2]", "[1,{}]", "/numbers/1", "an integer from -2147483648 to 2147483647", "an object"},
        {"[1,-2]", "{}", "/numbers", "a list", "an object"},
        {R"("Ulm")", R"("Ulm","zip":1)", "/places/x/zip", "only city or code", "\"zip\""},
        {R"({"x":{"city":"Ulm"}})", R"({"a/b~":{"city":""}})", "/places/a~1b~0/city", "a text of 1 to 40 characters",
         "a text of 0 characters"},
        {R"({"x":{"city":"Ulm"}})", R"({"a":{"city":"A"},"b":{"city":"B"},"c":{"city":"C"}})", "/places",
         "an object of at most 2 members", "an object of 3 members"},
        {R"({"x":{"city":"Ulm"}})", "[]", "/places", "an object of at most 2 members", "a list"},
        {R"({"f":false})", R"({"f":false,"f":true})", "/flags/f", "each name once", ""},
        {R"("home":{"city":"Bonn",)", R"("home":{)", "/home/city", "a text of 1 to 40 characters", "nothing"},
        {R"("code":"53111")", R"("code":"5")", "/home/code", "a text of 4 to 10 characters", "a text of 1 characters"},
        {R"("maybe":7)", R"("maybe":"7")", "/maybe", "an integer from -2147483648 to 2147483647", "\"7\""},
        {R"("flag":true)", R"("flag":true,"flag":true)", "/flag", "each name once", ""},
        {R"("raw":{"b":[1,"x"],"a":null})", R"("more":{"b":[1,"x"],"a":null},"raw":1)", "/more", "", "\"more\""},
        {R"("flag":true,)", "", "/flag", "true or false", "nothing"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.part << " -> " << c.instead) {
            std::string text(everything_text);
            auto const at = text.find(c.part);
            BOOST_REQUIRE(at != text.npos);
            text.replace(at, c.part.size(), c.instead);
            auto const [value, found, error] = read<everything>(text);
            if (c.instead == "1e400") {
                BOOST_REQUIRE(error);
                BOOST_TEST(error->status() == 400U);
                continue;
            }
            BOOST_TEST(!error);
            BOOST_REQUIRE(found.size() == 1U);
            BOOST_TEST(found[0].pointer == c.pointer);
            if (!c.expected.empty()) BOOST_TEST(found[0].expected == c.expected);
            BOOST_TEST(found[0].got == c.got);
        }
    }
}

BOOST_AUTO_TEST_CASE(all_faults_are_found_in_one_go_and_a_hundred_are_kept) {
    auto const one =
        read<everything>(R"({"flag":0,"small":300,"tags":["",1,{"x":[1]},"a"],"paint":[["red"]],"nope":{}})");
    BOOST_TEST(said(one.found).starts_with("/flag must be true or false; /small must be an integer from -128 to 127; "
                                           "/tags/0 must be a text of 1 to 3 characters; /tags/1 must be"));
    BOOST_TEST(said(one.found).find("/tags must be a list of 1 to 3 elements; /paint must be red, green or blue; "
                                    "/nope is not known here; /large is missing; /rank is missing") !=
               std::string::npos);
    std::string many = "[";
    for (int n = 0; n < 500; ++n) many += "{},";
    many.back() = ']';
    BOOST_TEST(read<std::vector<int>>(many).found.size() == http_error::most_faults);
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_json_is_400_and_says_where) {
    struct {
        std::string_view text, message;
    } const cases[] = {
        {"", "incomplete"},
        {"{", "incomplete"},
        {R"({"value":1}x)", "extra data"},
        {R"({"value":1,})", "syntax"},
        {R"({"value":NaN})", "syntax"},
        {R"({"value":1} {})", "extra data"},
        {"{\"value\":\"\xff\"}", "UTF-8"},
        {R"({"value":"\ud800"})", "at byte"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const error = read<node>(c.text).error;
            BOOST_REQUIRE(error);
            BOOST_TEST(error->status() == 400U);
            BOOST_TEST(std::string_view(error->what()).find(c.message) != std::string_view::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(faults_take_little_memory_however_long_the_names_are) {
    std::string text = R"({")" + std::string(1'000'000, 'k') + R"(":[1)";
    for (int n = 0; n < 200; ++n) text += ",1";
    auto const one = read<std::map<std::string, std::vector<std::string>>>(text + "]}");
    BOOST_TEST(one.found.size() == http_error::most_faults);
    std::size_t held = 0;
    for (auto const &f : one.found) held += f.pointer.capacity() + f.detail.capacity() + f.got.capacity();
    BOOST_TEST(held < 100'000U);
    BOOST_TEST(one.found[0].pointer == "");
    BOOST_TEST(one.found[0].got == "a number");
}

BOOST_AUTO_TEST_CASE(whole_numbers_are_told_from_others_by_their_digits) {
    struct holder {
        std::int64_t n;
    };
    struct {
        std::string_view text;
        std::optional<std::int64_t> value;
    } const cases[] = {
        {"1e18", 1'000'000'000'000'000'000},
        {"-9.223372036854775808e18", std::numeric_limits<std::int64_t>::min()},
        {"9.223372036854775807e18", std::numeric_limits<std::int64_t>::max()},
        {"9.223372036854775808e18", std::nullopt},
        {"1e19", std::nullopt},
        {"9007199254740993.0", 9'007'199'254'740'993},
        {"9007199254740992.5", std::nullopt},
        {"0.99999999999999999999", std::nullopt},
        {"1.20e1", 12},
        {"1200e-2", 12},
        {"1201e-2", std::nullopt},
        {"0e99", 0},
        {"0.000e-5", 0},
        {"0.001e3", 1},
        {"1E+2", 100},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const one = read<holder>(R"({"n":)" + std::string(c.text) + "}");
            BOOST_TEST(one.found.empty() == c.value.has_value());
            if (one.found.empty() && c.value) BOOST_TEST(one.value.n == *c.value);
        }
    }
}

BOOST_AUTO_TEST_CASE(elements_are_counted_with_what_their_initialisers_hold) {
    struct element {
        text_of<> text = std::string(4000, 'x');
        list_of<std::int32_t> list = std::vector<std::int32_t>(1000);
    };
    std::string text = "[{}";
    for (int n = 1; n < 100; ++n) text += ",{}";
    text += ']';
    quota limit(64U << 20U);
    auto const account = std::make_shared<memory_account>(&limit);
    memory_share held(account);
    fault_list found;
    std::vector<element> elements;
    BOOST_REQUIRE(!read_json(schema_of<std::vector<element>>, &elements, text, 10, held, found));
    BOOST_TEST(elements.size() == 100U);
    BOOST_TEST(held.bytes() >= 100U * 8000U);
}

BOOST_AUTO_TEST_CASE(values_are_nested_no_deeper_than_they_can_be_written) {
    struct tree {
        std::vector<tree> below;
    };
    auto const nested = [](std::size_t levels) {
        std::string text;
        for (std::size_t n = 0; n < levels; ++n) text += R"({"below":[)";
        for (std::size_t n = 0; n < levels; ++n) text += "]}";
        return text;
    };
    auto const status_of = [&](std::size_t levels) {
        tree value;
        fault_list found;
        memory_share held;
        auto const error = read_json(schema_of<tree>, &value, nested(levels), 100'000, held, found);
        return error ? error->status() : 200U;
    };
    BOOST_TEST(status_of(deepest / 2) == 200U);
    BOOST_TEST(status_of(deepest / 2 + 1) == 400U);
}

BOOST_AUTO_TEST_CASE(what_an_object_takes_is_counted_before_it_is_made) {
    quota limit(100'000);
    auto const account = std::make_shared<memory_account>(&limit);
    struct heavy {
        std::int64_t a = 1, b = 2, c = 3, d = 4;
    };
    std::string text = "[{}";
    for (int n = 0; n < 5000; ++n) text += ",{}"; // 15 KB, and 160 KB of objects
    text += ']';
    std::vector<heavy> value;
    fault_list found;
    memory_share held(account);
    BOOST_CHECK_THROW((void)read_json(schema_of<std::vector<heavy>>, &value, text, depth, held, found), http_error);
    BOOST_TEST(value.size() < 5000U);
    held = memory_share();
    BOOST_TEST(account->held() == 0U);
}

BOOST_AUTO_TEST_CASE(a_pointer_that_would_be_very_long_points_to_what_is_around_the_value) {
    auto const name = std::string(5000, 'n');
    auto const map = read<std::map<std::string, std::map<std::string, int>>>(R"({"a":{")" + name + R"(":"x"}})");
    BOOST_REQUIRE(map.found.size() == 1U);
    BOOST_TEST(map.found[0].pointer == "/a");
    auto const unknown = read<node>(R"({"value":1,")" + name + R"(":1})");
    BOOST_REQUIRE(unknown.found.size() == 1U);
    BOOST_TEST(unknown.found[0].pointer == "");
    BOOST_TEST(unknown.found[0].got.size() < 70U);
}

BOOST_AUTO_TEST_SUITE_END()
