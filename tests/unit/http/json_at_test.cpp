// Looking into a json: places, conversions, and what a client reads when its body is wrong.
#include "fuzz/json_tree.hpp"

#include "phial/http/http_error.hpp"
#include "phial/http/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;

namespace {

json body() {
    return json::parse(R"({
        "name": "Ann\u00e9", "age": 41, "ratio": 0.5, "admin": false, "note": null, "": "empty", "a/b~c": [1],
        "address": {"city": "Ghent", "zip": "9000"}, "tags": ["x", "y", "z", 3], "matrix": [[1, 2], [], [3, "four"]]})");
}

// What the client reads; its one detail says the same.
std::string complaint(std::function<void(json const &)> const &look) {
    auto const value = body();
    try {
        look(value);
    } catch (http_error const &e) {
        BOOST_TEST(e.status() == 422U);
        BOOST_TEST_REQUIRE(e.faults().size() == 1U);
        auto const &d = e.faults()[0];
        BOOST_TEST(e.what() == "The body" + (d.pointer.empty() ? "" : "'s " + d.pointer) + " " + d.detail + ".");
        return e.what();
    }
    return "nothing";
}

// Documents with what is hard to read: escapes, names that look alike, long integers, depth.
class document_source {
  public:
    explicit document_source(unsigned seed) : random_(seed) {}

    std::string document(int depth) {
        auto const kind = depth == 0 ? pick(4) : pick(8);
        if (kind == 0) return std::array{"null", "true", "false"}[pick(3)];
        if (kind == 1) return number();
        if (kind < 4) return string();
        bool const is_array = pick(2) == 0;
        std::string out = is_array ? "[" : "{";
        for (auto n = pick(5); n > 0; --n) {
            if (!is_array) out += space() + string() + space() + ":";
            out += space() + document(depth - 1) + space() + (n > 1 ? "," : "");
        }
        return out + (is_array ? "]" : "}");
    }

  private:
    std::size_t pick(std::size_t n) { return random_() % n; }
    std::string space() { return std::array{"", "", " ", "\n\t"}[pick(4)]; }
    std::string string() {
        static constexpr std::array parts{
            "a",       "A", "\\u0061",          "\\u0000", "\\\"", "\\\\", "\\/", "\\n", "\\u001f", "\\ud83d\\ude00",
            "\\ue000", "é", "\xF0\x9F\x98\x80", "\\u00e9", ":",    ",",    "{",   "]",   "\x7F",    "u0061"};
        std::string out = "\"";
        for (auto n = pick(4); n > 0; --n) out += parts[pick(parts.size())];
        return out + "\"";
    }
    std::string number() {
        static constexpr std::array some{"0",
                                         "-0",
                                         "1.0",
                                         "1e3",
                                         "-2.5e-3",
                                         "9007199254740992",
                                         "9007199254740993.0",
                                         "1e15",
                                         "-128",
                                         "256",
                                         "0.1",
                                         "9223372036854775807",
                                         "-9223372036854775808",
                                         "18446744073709551615",
                                         "18446744073709551616",
                                         "123456789012345678901234567890",
                                         "1.7976931348623157e308",
                                         "65535.0",
                                         "-1e-9"};
        return some[pick(some.size())];
    }

    std::mt19937 random_;
};

std::optional<std::string> difference(std::string const &sent) {
    boost::json::parse_options options;
    options.max_depth = message_limits().json_depth;
    auto const value = json::parse(sent);
    return fuzzing::json_tree::difference(value.view(), boost::json::parse(sent, {}, options));
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_places)

BOOST_AUTO_TEST_CASE(members_and_elements_are_looked_up_and_converted) {
    auto const b = body();
    BOOST_TEST(b["name"].as<std::string>() == "Ann\xC3\xA9");
    BOOST_TEST(b["age"].as<int>() == 41);
    BOOST_TEST(b["age"].as<std::uint8_t>() == 41);
    BOOST_TEST(b["age"].as<double>() == 41.0);
    BOOST_TEST(b["ratio"].as<float>() == 0.5F);
    BOOST_TEST(!b["admin"].as<bool>());
    BOOST_TEST(b[""].as<std::string>() == "empty");
    BOOST_TEST(b["address"]["city"].as<std::string>() == "Ghent");
    BOOST_TEST(b["matrix"][2][0].as<long>() == 3);
    BOOST_TEST((b["tags"][3].get<int>() == 3));
    BOOST_TEST(!b["tags"][0].get<int>());
    BOOST_TEST((b["address"].kind() == json_kind::object));
    BOOST_TEST(b["matrix"].size() == 3U);
    BOOST_TEST((b.kind() == json_kind::object));
    BOOST_TEST(b.size() == 10U);
    BOOST_TEST((json(7).get<int>() == 7));
    BOOST_TEST(json("x").as<std::string>() == "x");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_false_and_null) {
    auto const b = body();
    for (auto const &place : {b["nobody"], b["nobody"]["city"], b["tags"][4], b["tags"][-1], b["tags"]["x"],
                              b["age"][0], b[0], b["address"]["city"]["x"]}) {
        BOOST_TEST_CONTEXT(place.pointer()) {
            BOOST_TEST(!place.exists());
            BOOST_TEST(!static_cast<bool>(place));
            BOOST_TEST((place.kind() == json_kind::null));
            BOOST_TEST(place.size() == 0U);
            BOOST_TEST(!place.get<std::string>());
            BOOST_TEST(json(place).text() == "null");
        }
    }
    BOOST_TEST(b["note"].exists());
    BOOST_TEST(!static_cast<bool>(b["note"]));
    BOOST_TEST(static_cast<bool>(b["admin"]));
}

BOOST_AUTO_TEST_CASE(what_may_be_missing_has_a_default_or_is_optional) {
    auto const b = body();
    BOOST_TEST(b["age"].value_or(7) == 41);
    BOOST_TEST(b["limit"].value_or(7) == 7);
    BOOST_TEST(b["note"].value_or(7) == 7);
    BOOST_TEST(b["nobody"]["city"].value_or("none") == "none");
    BOOST_TEST(b["address"]["city"].value_or("none") == "Ghent");
    BOOST_TEST(b["note"]["x"].value_or(true));
    BOOST_TEST((b["limit"].as<std::optional<int>>() == std::nullopt));
    BOOST_TEST((b["note"].as<std::optional<int>>() == std::nullopt));
    BOOST_TEST((b["age"].as<std::optional<int>>() == 41));
}

BOOST_AUTO_TEST_CASE(loops_go_over_elements_and_members) {
    auto const b = body();
    std::string all;
    for (auto const &row : b["matrix"].elements()) {
        for (auto const &cell : row.elements()) all += cell.view().text();
        all += ';';
    }
    for (auto const &[name, value] : b["address"].members()) all += name + "=" + value.as<std::string>() + ";";
    BOOST_TEST(all == "12;;3\"four\";city=Ghent;zip=9000;");
    auto const list = json::parse("[1,2,3]");
    int sum = 0;
    for (auto const &element : list.elements()) sum += element.as<int>();
    BOOST_TEST(sum == 6);
    BOOST_TEST((b["matrix"][0].as<std::vector<int>>() == std::vector{1, 2}));
    BOOST_TEST((b["nobody"].as<std::optional<std::vector<int>>>() == std::nullopt));
}

BOOST_AUTO_TEST_CASE(a_wrong_body_is_422_and_says_where) {
    struct {
        std::function<void(json const &)> look;
        std::string_view says;
    } const cases[] = {
        {[](auto &b) { (void)b["tags"][3].template as<std::string>(); }, "The body's /tags/3 must be a text."},
        {[](auto &b) { (void)b["tags"].template as<std::vector<std::string>>(); },
         "The body's /tags/3 must be a text."},
        {[](auto &b) { (void)b["matrix"].template as<std::vector<std::vector<int>>>(); },
         "The body's /matrix/2/1 must be an integer from -2147483648 to 2147483647."},
        {[](auto &b) { (void)b["age"].template as<std::int8_t>(); }, "nothing"},
        {[](auto &b) { (void)b["ratio"].template as<std::uint8_t>(); },
         "The body's /ratio must be an integer from 0 to 255."},
        {[](auto &b) { (void)b["name"].template as<double>(); }, "The body's /name must be a number."},
        {[](auto &b) { (void)b["age"].template as<bool>(); }, "The body's /age must be true or false."},
        {[](auto &b) { (void)b["a/b~c"][0].template as<bool>(); }, "The body's /a~1b~0c/0 must be true or false."},
        {[](auto &b) { (void)b["note"].template as<int>(); },
         "The body's /note must be an integer from -2147483648 to 2147483647."},
        {[](auto &b) { (void)b["nobody"].template as<int>(); }, "The body's /nobody is missing."},
        {[](auto &b) { (void)b["nobody"]["city"][7].template as<int>(); }, "The body's /nobody is missing."},
        {[](auto &b) { (void)b["address"]["street"].template as<int>(); }, "The body's /address/street is missing."},
        {[](auto &b) { (void)b["tags"][4].template as<int>(); }, "The body's /tags/4 is missing."},
        {[](auto &b) { (void)b["tags"]["x"].template as<int>(); }, "The body's /tags must be an object."},
        {[](auto &b) { (void)b["age"][0].template as<int>(); }, "The body's /age must be an array."},
        {[](auto &b) { (void)b["note"]["x"].template as<int>(); }, "The body's /note must be an object."},
        {[](auto &b) { (void)b[0].template as<int>(); }, "The body must be an array."},
        {[](auto &b) { (void)b.template as<std::string>(); }, "The body must be a text."},
        {[](auto &b) { (void)b.elements(); }, "The body must be an array."},
        {[](auto &b) { (void)b["tags"].members(); }, "The body's /tags must be an object."},
        {[](auto &b) { (void)b["nobody"].elements(); }, "The body's /nobody is missing."},
        {[](auto &b) { (void)b["nobody"].template as<json>(); }, "The body's /nobody is missing."},
        {[](auto &b) { (void)b["age"].value_or("x"); }, "The body's /age must be a text."},
        {[](auto &b) { (void)b["age"]["years"].value_or(1); }, "The body's /age must be an object."},
        {[](auto &b) { (void)b["age"].template as<std::optional<bool>>(); }, "The body's /age must be true or false."},
        {[](auto &b) {
             for (auto const &row : b["matrix"].elements())
                 for (auto const &cell : row.elements()) (void)cell.template as<int>();
         },
         "The body's /matrix/2/1 must be an integer from -2147483648 to 2147483647."},
        {[](auto &b) {
             for (auto const &[name, value] : b.members()) (void)value.template as<std::string>();
         },
         "The body's /a~1b~0c must be a text."},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.says) { BOOST_TEST(complaint(c.look) == c.says); }
    }
}

BOOST_AUTO_TEST_CASE(the_names_in_a_complaint_are_not_longer_than_a_message) {
    auto const value = json::parse("{\"" + std::string(100'000, 'n') + "\":{\"b\":1}}");
    for (auto const &[name, member] : value.members()) {
        BOOST_TEST(member["b"].pointer().size() < 250U);
        BOOST_TEST(member[std::string(100'000, 'm') + "\xFF"].pointer().size() < 500U);
    }
}

BOOST_AUTO_TEST_CASE(a_part_becomes_a_value_of_its_own) {
    json city;
    json address;
    {
        auto const b = body();
        city = b["address"]["city"];
        address = b["address"].as<json>();
    }
    BOOST_TEST(city.text() == R"("Ghent")");
    BOOST_TEST((address == json{{"city", "Ghent"}, {"zip", "9000"}}));
}

BOOST_AUTO_TEST_CASE(a_large_part_is_counted_in_the_account) {
    auto const value = json{{"long", std::string(100'000, 'x')}};
    quota budget(1'000'000);
    {
        json const part(value["long"], std::make_shared<memory_account>(&budget));
        BOOST_TEST(part.text().size() == 100'002U);
        BOOST_TEST(budget.used() >= 100'002U);
        BOOST_TEST((part.shared_text() != nullptr));
    }
    BOOST_TEST(budget.used() == 0U);
}

BOOST_AUTO_TEST_CASE(places_compare_with_boosts_tree_in_generated_documents) {
    document_source documents(7); // the same ones each time
    for (int i = 0; i < 600; ++i) {
        auto const sent = documents.document(1 + i % 9);
        BOOST_TEST_CONTEXT(sent) { BOOST_TEST(difference(sent).value_or("none") == "none"); }
    }
    for (auto const *const unit : {"[", "{\"a\":", "{\"\":[1,"}) {
        std::string_view const all(unit);
        std::string deep;
        std::string ends;
        for (int i = 0; i < 250; ++i) {
            deep += all;
            for (char const c : all)
                if (c == '[' || c == '{') ends.insert(ends.begin(), c == '[' ? ']' : '}');
        }
        BOOST_TEST(difference(deep + "\"\\ud83d\\ude00\"" + ends).value_or("none") == "none");
    }
}

BOOST_AUTO_TEST_SUITE_END()
