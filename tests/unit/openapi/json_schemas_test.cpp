// Types as JSON Schema.
#include "phial/openapi/json_schemas.hpp"
#include "phial/typed/schema_of.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;

namespace {

struct lower_case {
    static constexpr std::string_view pattern = "^[a-z]+$";
    static constexpr std::string_view expected = "small letters";
    static bool matches(std::string_view) noexcept { return true; }
};
enum class color { red, green };
struct point {
    std::int32_t x;
    std::int32_t y = 1;
};
struct node {
    std::string name;
    std::vector<node> below;
};
struct told {
    int first;
    int other = 2;
    static constexpr std::string_view description = "Told.";
    static constexpr bool open = true;
    static constexpr member_note member_notes[] = {{.member = "other", .description = "The other one."}};
};
using bool_word = std::string;
struct ordered {
    std::string name;
    std::optional<std::string> note;
    std::vector<std::string> tag;
};
template <class T>
struct page {
    std::vector<T> items;
};
namespace first {
struct twin {
    int a;
};
} // namespace first
namespace second {
struct twin {
    int b;
};
} // namespace second
struct renamed {
    static constexpr std::string_view schema_name = "twin.2";
    int b;
};

template <class T>
std::string written(direction d, member_words words = {}) {
    json_schemas all{"http_error"};
    all.add(schema_of<T>, d);
    json_writer w;
    all.write(w, schema_of<T>, d, words);
    return w.take();
}
template <class... T>
std::string components(direction d) {
    json_schemas all{"http_error"};
    (all.add(schema_of<T>, d), ...);
    json_writer w;
    w.object([&] { all.write_components(w); });
    return w.take();
}

} // namespace

BOOST_AUTO_TEST_SUITE(schemas_of_types)

BOOST_AUTO_TEST_CASE(types_without_a_name_are_written_where_they_are) {
    constexpr auto in = direction::input;
    BOOST_TEST(written<bool>(in) == R"({"type":"boolean"})");
    BOOST_TEST(written<std::int64_t>(in) == R"({"type":"integer","format":"int64"})");
    BOOST_TEST(written<std::uint64_t>(in) == R"({"type":"integer","format":"uint64","minimum":0})");
    BOOST_TEST(written<std::int16_t>(in) == R"({"type":"integer","minimum":-32768,"maximum":32767})");
    BOOST_TEST((written<number_of<-1, 5>>(in)) == R"({"type":"integer","format":"int64","minimum":-1,"maximum":5})");
    BOOST_TEST(written<double>(in) == R"({"type":"number","format":"double"})");
    BOOST_TEST((written<number_of<0.5, 2.0>>(in)) ==
               R"({"type":"number","format":"double","minimum":0.5,"maximum":2.0})");
    BOOST_TEST(written<std::string>(in) == R"({"type":"string"})");
    BOOST_TEST((written<text_of<1, 9, lower_case>>(in)) ==
               R"({"type":"string","minLength":1,"maxLength":9,"pattern":"^[a-z]+$"})");
    BOOST_TEST(written<moment>(in) == R"({"type":"string","format":"date-time"})");
    BOOST_TEST(written<date>(in) == R"({"type":"string","format":"date"})");
    BOOST_TEST(written<json>(in) == "{}");
    BOOST_TEST((written<list_of<int, 4, 1>>(in)) == R"({"type":"array","items":{"type":"integer",)"
                                                    R"("minimum":-2147483648,"maximum":2147483647},)"
                                                    R"("minItems":1,"maxItems":4})");
    BOOST_TEST((written<map_of<bool, 4>>(in)) ==
               R"({"type":"object","additionalProperties":{"type":"boolean"},"maxProperties":4})");
    BOOST_TEST((written<std::map<std::string, json>>(in)) == R"({"type":"object","additionalProperties":{}})");
}

BOOST_AUTO_TEST_CASE(bounds_are_written_where_there_are_any) {
    constexpr auto in = direction::input;
    BOOST_TEST((written<number_of<-10, -1>>(in)) ==
               R"({"type":"integer","format":"int64","minimum":-10,"maximum":-1})");
    BOOST_TEST((written<number_of<0.0, std::numeric_limits<double>::infinity()>>(in)) ==
               R"({"type":"number","format":"double","minimum":0.0})");
    BOOST_TEST(written<float>(in) == R"({"type":"number","format":"float"})");
}

// An answer holds what the handler puts into it.
BOOST_AUTO_TEST_CASE(answers_have_no_bounds) {
    constexpr auto out = direction::answer;
    BOOST_TEST((written<number_of<1, 5>>(out)) == R"({"type":"integer","format":"int64"})");
    BOOST_TEST((written<number_of<0.0, 1.0>>(out)) == R"({"type":"number","format":"double"})");
    BOOST_TEST((written<text_of<1, 9, lower_case>>(out)) == R"({"type":"string"})");
    BOOST_TEST((written<list_of<bool_word, 4, 1>>(out)) == R"({"type":"array","items":{"type":"string"}})");
    BOOST_TEST(written<std::uint8_t>(out) == R"({"type":"integer","minimum":0,"maximum":255})");
}

BOOST_AUTO_TEST_CASE(a_form_has_no_null_and_its_arrays_may_be_absent) {
    json_schemas all{"http_error"};
    json_writer w;
    all.write_form(w, schema_of<ordered>);
    BOOST_TEST(w.take() == R"({"type":"object","properties":{"name":{"type":"string"},)"
                           R"("note":{"type":"string"},"tag":{"type":"array","items":{"type":"string"}}},)"
                           R"("required":["name"],"additionalProperties":false})");
}

BOOST_AUTO_TEST_CASE(what_may_be_null_says_so) {
    constexpr auto in = direction::input;
    constexpr std::string_view expected = R"({"anyOf":[{"type":"boolean"},{"type":"null"}]})";
    BOOST_TEST(written<std::optional<bool>>(in) == expected);
    BOOST_TEST(written<std::optional<std::optional<bool>>>(in) == expected);
    BOOST_TEST(written<std::optional<json>>(in) == "{}");
    BOOST_TEST(written<std::optional<color>>(in) ==
               R"({"anyOf":[{"$ref":"#/components/schemas/color"},{"type":"null"}]})");
}

BOOST_AUTO_TEST_CASE(words_are_written_beside_a_reference) {
    BOOST_TEST(written<color>(direction::input, {"Which one.", "\"red\""}) ==
               R"({"$ref":"#/components/schemas/color","description":"Which one.","default":"red"})");
}

BOOST_AUTO_TEST_CASE(inputs_may_lack_what_has_an_initialiser) {
    BOOST_TEST(components<point>(direction::input) ==
               R"({"point":{"type":"object","properties":{)"
               R"("x":{"type":"integer","minimum":-2147483648,"maximum":2147483647},)"
               R"("y":{"type":"integer","minimum":-2147483648,"maximum":2147483647,"default":1}},)"
               R"("required":["x"],"additionalProperties":false}})");
}

BOOST_AUTO_TEST_CASE(answers_have_all_members_and_may_grow) {
    auto const text = components<point>(direction::answer);
    BOOST_TEST(text.find(R"("required":["x","y"]})") != text.npos);
    BOOST_TEST(text.find("default") == text.npos);
    BOOST_TEST(text.find("additionalProperties") == text.npos);
}

BOOST_AUTO_TEST_CASE(an_open_struct_allows_other_members) {
    auto const text = components<told>(direction::input);
    BOOST_TEST(text.find("additionalProperties") == text.npos);
    BOOST_TEST(text.find(R"("description":"Told.")") != text.npos);
    BOOST_TEST(text.find(R"("description":"The other one.","default":2)") != text.npos);
}

BOOST_AUTO_TEST_CASE(a_type_in_both_directions_has_two_schemas) {
    json_schemas all{"http_error"};
    all.add(schema_of<point>, direction::input);
    json_writer alone;
    all.write(alone, schema_of<point>, direction::input);
    BOOST_TEST(alone.take() == R"({"$ref":"#/components/schemas/point"})");
    all.add(schema_of<point>, direction::answer);
    all.add(schema_of<color>, direction::input);
    all.add(schema_of<color>, direction::answer);
    json_writer w;
    w.array([&] {
        for (auto const d : {direction::input, direction::answer}) {
            all.write(w, schema_of<point>, d);
            all.write(w, schema_of<color>, d);
        }
    });
    BOOST_TEST(w.take() == R"([{"$ref":"#/components/schemas/point.input"},{"$ref":"#/components/schemas/color"},)"
                           R"({"$ref":"#/components/schemas/point"},{"$ref":"#/components/schemas/color"}])");
}

BOOST_AUTO_TEST_CASE(a_type_may_hold_itself) {
    BOOST_TEST(
        components<node>(direction::answer) ==
        R"({"node":{"type":"object","properties":{"name":{"type":"string"},)"
        R"("below":{"type":"array","items":{"$ref":"#/components/schemas/node"}}},"required":["name","below"]}})");
}

BOOST_AUTO_TEST_CASE(names_have_no_namespaces) {
    BOOST_TEST(json_schemas::name_of(schema_of<first::twin>) == "twin");
    BOOST_TEST(json_schemas::name_of(schema_of<page<first::twin>>) == "page_twin");
    BOOST_TEST(json_schemas::name_of(schema_of<renamed>) == "twin_2");
}

BOOST_AUTO_TEST_CASE(two_types_of_one_name_are_refused) {
    json_schemas all{"http_error"};
    all.add(schema_of<first::twin>, direction::input);
    all.add(schema_of<first::twin>, direction::answer);
    all.add(schema_of<renamed>, direction::input);
    BOOST_CHECK_EXCEPTION(
        all.add(schema_of<second::twin>, direction::input), std::invalid_argument, [](std::invalid_argument const &e) {
            std::string_view const text = e.what();
            return text.find("two types are called twin") != text.npos && text.find("schema_name") != text.npos;
        });
}

BOOST_AUTO_TEST_SUITE_END()
