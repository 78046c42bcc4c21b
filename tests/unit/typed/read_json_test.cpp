// Reading JSON into structs.
#include "phial/typed/write.hpp"
#include "unit/typed/reading.hpp"
#include "unit/typed/typed_types.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace phial::typed_types;
using namespace std::chrono;

BOOST_AUTO_TEST_SUITE(reading_json)

BOOST_AUTO_TEST_CASE(each_kind_of_member_is_read) {
    auto const [value, found, error] = read<everything>(everything_text);
    BOOST_TEST(!error);
    BOOST_TEST(said(found) == "");
    BOOST_TEST(value.flag);
    BOOST_TEST(int{value.small} == -128);
    BOOST_TEST(value.large == 18446744073709551615U);
    BOOST_TEST(value.rank == 3);
    BOOST_TEST(value.share == 0.5);
    BOOST_TEST(value.narrow == 1.5F);
    BOOST_TEST(value.wide == -2.25);
    BOOST_TEST(value.word == "gr\u00fc\u00df");
    BOOST_TEST(value.name == "a-b");
    BOOST_TEST((value.paint == color::blue_));
    BOOST_TEST((value.at == sys_days(2026y / 11 / 28) + 11h + 250ms));
    BOOST_TEST((value.on == 2024y / 2 / 29));
    BOOST_TEST(value.tags.size() == 2U);
    BOOST_TEST(value.tags.back() == "bc");
    BOOST_TEST((value.numbers == std::vector<std::int32_t>{1, -2}));
    BOOST_TEST(value.places.at("x").city == "Ulm");
    BOOST_TEST(!value.places.at("x").code);
    BOOST_TEST(!value.flags.at("f"));
    BOOST_TEST(*value.home.code == "53111");
    BOOST_TEST(*value.maybe == 7);
    BOOST_TEST(value.change.has_value());
    BOOST_TEST(!value.change->has_value());
    BOOST_TEST(value.raw.text() == R"({"a":null,"b":[1,"x"]})");
}

BOOST_AUTO_TEST_CASE(what_was_read_is_written_and_read_again) {
    auto const first = read<everything>(everything_text);
    auto const text = to_json(first.value);
    auto const second = read<everything>(text);
    BOOST_TEST(said(second.found) == "");
    BOOST_TEST(to_json(second.value) == text);
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_and_white_space_are_skipped) {
    auto const one = read<node>("\xEF\xBB\xBF { \"value\" : 1 } \n");
    BOOST_TEST(!one.error);
    BOOST_TEST(one.found.empty());
    BOOST_TEST(one.value.value == 1);
}

BOOST_AUTO_TEST_CASE(members_without_an_initialiser_are_required) {
    auto const &facts = schema_of<defaults>.facts();
    std::string required;
    for (std::size_t n = 0; n < schema_of<defaults>.members.size(); ++n)
        if ((facts.required >> n & 1U) != 0) required += std::string(schema_of<defaults>.members[n].name) + ' ';
    BOOST_TEST(required == defaults_required);
}

BOOST_AUTO_TEST_CASE(a_struct_is_required_if_one_of_its_members_is_and_has_no_value) {
    struct mixed {
        int a = 1;
        text_of<1> name;
    };
    struct easy {
        int a = 1;
        std::optional<int> b;
    };
    struct outer {
        mixed without;
        mixed with = {2, "x"};
        easy all;
    };
    BOOST_TEST(said(read<outer>("{}").found) == "/without is missing");
}

BOOST_AUTO_TEST_CASE(a_member_may_have_any_name) {
    struct item {
        std::string description;
        bool open = true, strict = true;
        int schema_name = 1, member_notes = 2;
    };
    auto const one = read<item>(R"({"description":"x","open":false,"strict":false,"other":1})");
    BOOST_TEST(said(one.found) == "/other is not known here");
    BOOST_TEST(to_json(one.value) ==
               R"({"description":"x","open":false,"strict":false,"schema_name":1,"member_notes":2})");
}

BOOST_AUTO_TEST_CASE(what_comes_replaces_a_default) {
    struct item {
        std::vector<int> list{1, 2};
        std::map<std::string, int> map{{"a", 1}};
        text_of<> text = "x";
    };
    BOOST_TEST(to_json(read<item>("{}").value) == R"({"list":[1,2],"map":{"a":1},"text":"x"})");
    BOOST_TEST(to_json(read<item>(R"({"list":[3],"map":{"b":2},"text":""})").value) ==
               R"({"list":[3],"map":{"b":2},"text":""})");
}

BOOST_AUTO_TEST_CASE(integers_may_be_written_as_any_whole_number) {
    struct {
        std::string_view text;
        int value;
    } const cases[] = {{"1.0", 1}, {"1e3", 1000}, {"-0", 0}, {"-0.0", 0}, {"25e-1", -1}, {"1.5", -1}};
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const one = read<node>(R"({"value":)" + std::string(c.text) + "}");
            BOOST_TEST(one.found.empty() == (c.value != -1));
            if (one.found.empty()) BOOST_TEST(one.value.value == c.value);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_the_root_may_be_a_list_a_map_or_a_text) {
    BOOST_TEST(read<std::vector<int>>("[1,2]").value.size() == 2U);
    BOOST_TEST((read<std::map<std::string, int>>(R"({"a":1})").value.at("a") == 1));
    BOOST_TEST((read<text_of<1, 3>>("\"ab\"").value == "ab"));
    auto const wrong = read<text_of<1, 3>>("7");
    BOOST_REQUIRE(wrong.found.size() == 1U);
    BOOST_TEST(wrong.found[0].pointer == "");
}

BOOST_AUTO_TEST_CASE(null_and_nothing_are_told_apart_where_the_type_asks_for_it) {
    struct patch {
        std::optional<std::optional<int>> a, b, c;
        std::optional<int> d = 5;
    };
    auto const one = read<patch>(R"({"a":null,"b":1,"d":null})");
    BOOST_TEST(one.found.empty());
    BOOST_TEST(one.value.a.has_value());
    BOOST_TEST(!one.value.a->has_value());
    BOOST_TEST(**one.value.b == 1);
    BOOST_TEST(!one.value.c.has_value());
    BOOST_TEST(!one.value.d.has_value());
}

BOOST_AUTO_TEST_CASE(a_type_may_check_itself_when_nothing_else_is_wrong) {
    auto const one = read<stay>(R"({"guest":"A","nights":[{"begin":"2026-01-01","end":"2026-01-02"},)"
                                R"({"begin":"2026-01-05","end":"2026-01-02"}]})");
    BOOST_TEST(said(one.found) == "/nights/1/end is before the beginning");
    BOOST_TEST(said(read<period>(R"({"begin":"2026-01-05","end":1})").found) ==
               "/end must be a date such as 2026-11-28");
}

BOOST_AUTO_TEST_CASE(an_open_type_ignores_what_it_does_not_know) {
    auto const one = read<open_note>(R"({"x":[{"title":1}],"title":"t","y":null})");
    BOOST_TEST(one.found.empty());
    BOOST_TEST(one.value.title == "t");
}

BOOST_AUTO_TEST_CASE(names_on_the_wire_may_differ_from_those_in_the_struct) {
    auto const one = read<named>(R"({"class":1,"content-type":2})");
    BOOST_TEST(one.found.empty());
    BOOST_TEST(one.value.class_ == 1);
    BOOST_TEST(one.value.content_type == 2);
    BOOST_TEST(to_json(one.value) == R"({"class":1,"content-type":2})");
}

BOOST_AUTO_TEST_CASE(a_type_may_contain_itself_as_deep_as_json_may_be_nested) {
    auto const nested = [](std::size_t levels) {
        std::string text;
        for (std::size_t n = 0; n < levels; ++n) text += R"({"value":1,"children":[)";
        for (std::size_t n = 0; n < levels; ++n) text += "]}";
        return text;
    };
    auto const deep = read<node>(nested(depth / 2));
    BOOST_TEST(!deep.error);
    BOOST_TEST(deep.found.empty());
    BOOST_REQUIRE(read<node>(nested(depth / 2 + 1)).error);
    auto const wrong = read<node>(R"({"value":1,"children":[{"value":1,"children":[{"value":"x"}]}]})");
    BOOST_TEST(said(wrong.found).starts_with("/children/0/children/0/value must be"));
}

BOOST_AUTO_TEST_SUITE_END()
