// Reading queries, header fields and forms into structs.
#include "phial/typed/read.hpp"

#include "phial/typed/schema_of.hpp"
#include "unit/typed/typed_types.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::typed_types;

namespace {

using pairs = std::vector<name_and_value>;

template <class T>
struct result {
    T value{};
    fault_list found;
};

template <class T>
result<T> read(pair_source source, pairs const &all) {
    result<T> out;
    memory_share held;
    read_pairs(schema_of<T>, &out.value, source, all, held, out.found);
    return out;
}

struct preconditions {
    std::optional<std::string> if_match;
    std::int32_t x_depth;
};

} // namespace

BOOST_AUTO_TEST_SUITE(reading_pairs)

BOOST_AUTO_TEST_CASE(what_is_absent_has_its_default) {
    auto const [value, found] = read<paging>(pair_source::query, {});
    BOOST_TEST(found.empty());
    BOOST_TEST(value.id.empty());
    BOOST_TEST(value.limit == 10);
    BOOST_TEST(!value.sort);
    BOOST_TEST((value.paint == color::green));
}

BOOST_AUTO_TEST_CASE(texts_become_values_and_repeated_names_fill_vectors) {
    auto const [value, found] = read<paging>(pair_source::query, {{"limit", "25"},
                                                                  {"id", "1"},
                                                                  {"sort", "by name"},
                                                                  {"id", "-2"},
                                                                  {"utm_source", "mail"},
                                                                  {"tag", "a"},
                                                                  {"all", "true"},
                                                                  {"paint", "blue"}});
    BOOST_TEST(found.empty());
    BOOST_TEST(value.limit == 25);
    BOOST_TEST(*value.sort == "by name");
    BOOST_TEST((value.id == std::vector<std::int32_t>{1, -2}));
    BOOST_TEST(value.tag.size() == 1U);
    BOOST_TEST(value.all);
    BOOST_TEST((value.paint == color::blue_));
}

BOOST_AUTO_TEST_CASE(a_bool_is_written_as_people_and_browsers_write_it) {
    for (std::string const yes : {"true", "on", "yes", "1"})
        BOOST_TEST(read<paging>(pair_source::query, {{"all", yes}}).value.all);
    for (std::string const no : {"false", "off", "no", "0"}) {
        auto const [value, found] = read<paging>(pair_source::query, {{"all", no}});
        BOOST_TEST(found.empty());
        BOOST_TEST(!value.all);
    }
    for (std::string const wrong : {"", "True", "2", "y"})
        BOOST_TEST(read<paging>(pair_source::query, {{"all", wrong}}).found.size() == 1U);
}

BOOST_AUTO_TEST_CASE(each_wrong_value_is_a_fault_of_its_parameter) {
    struct {
        std::string_view name, value, expected, got;
    } const cases[] = {
        {"limit", "0", "an integer from 1 to 100", "\"0\""},
        {"limit", "101", "an integer from 1 to 100", "\"101\""},
        {"limit", "ten", "an integer from 1 to 100", "\"ten\""},
        {"limit", "", "an integer from 1 to 100", "\"\""},
        {"limit", "+5", "an integer from 1 to 100", "\"+5\""},
        {"limit", " 5", "an integer from 1 to 100", "\" 5\""},
        {"limit", "5.0", "an integer from 1 to 100", "\"5.0\""},
        {"limit", "99999999999999999999999", "an integer from 1 to 100", "\"99999999999999999999999\""},
        {"sort", "", "a text of 1 to 20 characters", "a text of 0 characters"},
        {"all", "maybe", "true or false", "\"maybe\""},
        {"paint", "pink", "red, green or blue", "\"pink\""},
        {"tag", "toolong", "a text of 1 to 5 characters", "a text of 7 characters"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.name << "=" << c.value) {
            auto const found =
                read<paging>(pair_source::query, {{"id", "1"}, {std::string(c.name), std::string(c.value)}}).found;
            BOOST_REQUIRE(found.size() == 1U);
            BOOST_TEST(found[0].parameter == c.name);
            BOOST_TEST(found[0].in == "query");
            BOOST_TEST(found[0].expected == c.expected);
            BOOST_TEST(found[0].got == c.got);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_comes_twice_is_a_fault_unless_its_member_is_a_vector) {
    auto const found =
        read<paging>(pair_source::query, {{"id", "1"}, {"limit", "1"}, {"sort", "a"}, {"limit", "1"}, {"sort", "b"}})
            .found;
    BOOST_REQUIRE(found.size() == 2U);
    BOOST_TEST(found[0].parameter == "limit");
    BOOST_TEST(found[0].detail == "is there twice");
    BOOST_TEST(found[1].parameter == "sort");
}

BOOST_AUTO_TEST_CASE(what_has_no_default_must_be_there) {
    auto const found = read<preconditions>(pair_source::query, {}).found;
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].parameter == "x_depth");
    BOOST_TEST(found[0].detail == "is missing");
    struct some {
        list_of<int, 5, 1> n;
    };
    auto const none = read<some>(pair_source::query, {}).found;
    BOOST_REQUIRE(none.size() == 1U);
    BOOST_TEST(none[0].expected == "a list of 1 to 5 elements");
}

BOOST_AUTO_TEST_CASE(a_list_has_as_many_elements_as_its_type_allows) {
    auto const found =
        read<paging>(pair_source::query, {{"id", "1"}, {"tag", "a"}, {"tag", "b"}, {"tag", "c"}, {"tag", "d"}}).found;
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].parameter == "tag");
    BOOST_TEST(found[0].expected == "a list of at most 2 elements");
}

BOOST_AUTO_TEST_CASE(unknown_names_are_ignored_or_refused) {
    BOOST_TEST(read<strict_paging>(pair_source::header, {{"Other", "1"}}).found.empty());
    auto const strict = read<strict_paging>(pair_source::query, {{"pgae", "2"}}).found;
    BOOST_REQUIRE(strict.size() == 1U);
    BOOST_TEST(strict[0].parameter == "pgae");
    BOOST_TEST(strict[0].expected == "only page");
    auto const form = read<paging>(pair_source::form, {{"id", "1"}, {"a/b", "2"}}).found;
    BOOST_REQUIRE(form.size() == 1U);
    BOOST_TEST(form[0].pointer == "/a~1b");
    BOOST_TEST(form[0].in == "");
}

BOOST_AUTO_TEST_CASE(header_fields_have_dashes_and_any_case_and_their_values_are_not_shown) {
    auto const [value, found] = read<preconditions>(pair_source::header, {{"IF-match", "\"a\""}, {"X-Depth", "x"}});
    BOOST_TEST(*value.if_match == "\"a\"");
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].parameter == "x-depth");
    BOOST_TEST(found[0].in == "header");
    BOOST_TEST(found[0].got == "1 bytes");
}

BOOST_AUTO_TEST_CASE(a_text_that_is_not_utf_8_does_not_fit) {
    BOOST_TEST(read<preconditions>(pair_source::header, {{"If-Match", "\xff"}, {"X-Depth", "1"}}).found.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_struct_may_check_itself) {
    auto const found = read<period>(pair_source::query, {{"begin", "2026-02-01"}, {"end", "2026-01-01"}}).found;
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].detail == "is before the beginning");
    BOOST_TEST(found[0].in == "query");
    BOOST_TEST(found[0].parameter == "end");
    BOOST_TEST(found[0].pointer == "");
}

BOOST_AUTO_TEST_CASE(a_text_of_the_wrong_length_is_not_repeated) {
    struct login {
        text_of<12> password;
    };
    auto const found = read<login>(pair_source::form, {{"password", "hunter2"}}).found;
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].got == "a text of 7 characters");
}

BOOST_AUTO_TEST_SUITE_END()
