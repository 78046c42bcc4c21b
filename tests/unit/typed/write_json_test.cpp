// Writing structs as JSON.
#include "phial/typed/write.hpp"

#include "unit/typed/typed_types.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>
#include <stdexcept>
#include <string>

using namespace phial;
using namespace phial::typed_types;
using namespace std::chrono;

BOOST_AUTO_TEST_SUITE(writing_json)

BOOST_AUTO_TEST_CASE(members_come_in_their_order_and_all_of_them) {
    struct item {
        int z = 1;
        std::optional<int> a;
        std::vector<std::optional<bool>> list{true, std::nullopt};
        std::map<std::string, double> map{{"b", 0.5}, {"a", -1}};
        color paint = color::blue_;
        json raw = json{{"b", 1}, {"a", nullptr}};
    };
    BOOST_TEST(to_json(item{}) == R"({"z":1,"a":null,"list":[true,null],"map":{"a":-1.0,"b":0.5},"paint":"blue",)"
                                  R"("raw":{"a":null,"b":1}})");
    BOOST_TEST(to_json(std::vector<int>()) == "[]");
    BOOST_TEST(to_json(std::map<std::string, int>()) == "{}");
}

BOOST_AUTO_TEST_CASE(integers_of_every_size_keep_all_digits) {
    BOOST_TEST(to_json(std::int8_t{-128}) == "-128");
    BOOST_TEST(to_json(std::uint8_t{255}) == "255");
    BOOST_TEST(to_json(std::int16_t{-32768}) == "-32768");
    BOOST_TEST(to_json(std::uint32_t{4294967295U}) == "4294967295");
    BOOST_TEST(to_json(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    BOOST_TEST(to_json(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
}

BOOST_AUTO_TEST_CASE(a_float_has_its_own_digits) {
    BOOST_TEST(to_json(0.1F) == "0.1");
    BOOST_TEST(to_json(0.1) == "0.1");
    BOOST_TEST(to_json(16777216.0F) == "16777216");
    BOOST_TEST(to_json(1e20F) == "1e+20");
}

BOOST_AUTO_TEST_CASE(texts_are_utf_8_with_only_what_json_must_escape) {
    struct {
        std::string text, written;
    } const cases[] = {
        {"gr\u00fc\u00df, \u65e5\u672c\u8a9e, \U0001F600", "\"gr\u00fc\u00df, \u65e5\u672c\u8a9e, \U0001F600\""},
        {"\"\\/\b\f\n\r\t\x01\x1f\x7f", "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\x7f\""},
        {std::string("\0", 1), R"("\u0000")"},
        {"1234567\"9", R"("1234567\"9")"},
        {"12345678\n12345678\\", R"("12345678\n12345678\\")"},
        {"\xff", "\"\uFFFD\""},
    };
    for (auto const &c : cases) BOOST_TEST(to_json(c.text) == c.written);
}

// Each byte at each place of a block of eight.
BOOST_AUTO_TEST_CASE(every_character_is_read_back_as_it_was) {
    for (unsigned code = 0; code < 0x250; ++code) {
        std::string character;
        if (code < 0x80)
            character += static_cast<char>(code);
        else
            character = {static_cast<char>(0xC0U | code >> 6U), static_cast<char>(0x80U | (code & 0x3FU))};
        for (std::size_t at = 0; at < 17; ++at) {
            std::string text(17, 'x');
            text.replace(at, 1, character);
            BOOST_TEST(std::string(boost::json::parse(to_json(text)).as_string()) == text);
        }
    }
}

BOOST_AUTO_TEST_CASE(dates_are_rfc_3339) {
    BOOST_TEST(to_json(moment(sys_days(2026y / 11 / 28) + 11h + 2min + 3s)) == "\"2026-11-28T11:02:03Z\"");
    BOOST_TEST(to_json(moment(sys_days(1969y / 12 / 31) + 23h + 59min + 59s + 7ms)) == "\"1969-12-31T23:59:59.007Z\"");
    BOOST_TEST(to_json(date(2024y / 2 / 29)) == "\"2024-02-29\"");
}

BOOST_AUTO_TEST_CASE(what_json_cannot_express_is_refused) {
    BOOST_CHECK_THROW((void)to_json(std::numeric_limits<double>::infinity()), std::invalid_argument);
    BOOST_CHECK_THROW((void)to_json(std::numeric_limits<float>::quiet_NaN()), std::invalid_argument);
    BOOST_CHECK_THROW((void)to_json(static_cast<color>(3)), std::invalid_argument);
    BOOST_CHECK_THROW((void)to_json(date(2023y / 2 / 29)), std::invalid_argument);
    BOOST_CHECK_THROW((void)to_json(moment(sys_days(10000y / 1 / 1))), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
