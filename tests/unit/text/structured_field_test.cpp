// Dictionaries, by the grammar of RFC 8941 3.2 and the algorithms of its 4.2.
#include "phial/text/structured_field.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;

namespace {

// "a b=:foo:": keys, and the bytes of those that have some; "malformed".
std::string read(std::string_view text) {
    auto const members = parse_dictionary(text);
    if (!members) return "malformed";
    std::string out;
    for (auto const &m : *members) {
        if (!out.empty()) out += ' ';
        out += m.key;
        if (m.bytes) out += "=:" + *m.bytes + ":";
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(structured_fields)

BOOST_AUTO_TEST_CASE(members_and_their_bytes_are_read) {
    struct {
        std::string_view text, members;
    } const cases[] = {
        {"", ""},
        {"  ", ""},
        {"a=:Zm9v:", "a=:foo:"},
        {"a=::", "a=::"},
        {"a=:Zg:", "a=:f:"}, // 4.2.7: padding may be missing
        {"  a=:Zm9v:, b=:YmFy:  ", "a=:foo: b=:bar:"},
        {"a=:Zm9v:\t ,\t b", "a=:foo: b"},
        {"a=:Zm9v:,b,a=:YmFy:", "b a=:bar:"}, // 4.2.2: the last one counts
        {"a=:Zm9v:,a", "a"},
        {"a;x;y=1;z=\"s\";*k=:AAAA:,b", "a b"},
        {"a=:Zm9v:;q=0.5; r", "a=:foo:"},
        {"a=1,b=-1,c=1.5,d=123456789012345,e=123456789012.123", "a b c d e"},
        {"a=\"\",b=\"x \\\" \\\\ y\"", "a b"},
        {"a=tok:en/x,b=*", "a b"},
        {"a=?0,b=?1", "a b"},
        {"a=(),b=( 1 \"x\" :AAAA:;p  tok );q", "a b"},
        {"*a_-.*9=1", "*a_-.*9"},
        {"sha-256=:Zm9v:", "sha-256=:foo:"},
    };
    for (auto const &c : cases) BOOST_TEST(read(c.text) == c.members, c.text << " is " << read(c.text));
}

// As many as a head can hold; compared each with each they would take seconds under a sanitizer.
BOOST_AUTO_TEST_CASE(of_thousands_of_members_the_last_of_each_key_counts) {
    std::string text;
    std::string expected;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 10'000; ++i) {
            auto const key = "k" + std::to_string(i * 7919 % 10'000);
            text += (text.empty() ? "" : ",") + key + (round == 0 ? "=:AAAA:" : "=:Zm9v:");
            if (round == 1) expected += (expected.empty() ? "" : " ") + key + "=:foo:";
        }
    }
    BOOST_TEST((read(text) == expected));
}

BOOST_AUTO_TEST_CASE(what_is_not_a_dictionary_is_refused) {
    for (std::string_view const text : {",",
                                        "a,",
                                        "a,,b",
                                        "a b",
                                        "A",
                                        "1a",
                                        "-a",
                                        "=1",
                                        "a=",
                                        "a=,b",
                                        "a =1",
                                        "a= 1",
                                        "a;",
                                        "a;A",
                                        "a;x=",
                                        "a=:Zm9v",
                                        "a=:Zm9v:x",
                                        "a=:Zm 9:",
                                        "a=:Zm9v!:",
                                        "a=:Zg=:",
                                        "a=\"x",
                                        "a=\"x\\y\"",
                                        "a=\"\x01\"",
                                        "a=\"\xC3\xA4\"",
                                        "a=?2",
                                        "a=?",
                                        "a=1.",
                                        "a=.5",
                                        "a=-",
                                        "a=--1",
                                        "a=1.2345",
                                        "a=1234567890123456",
                                        "a=1234567890123.1",
                                        "a=(1",
                                        "a=(1\"x\")",
                                        "a=(1,2)",
                                        "a=((1))",
                                        "a=@1",
                                        "a\n",
                                        "\ta",
                                        "\xFF",
                                        "a=\xFF"})
        BOOST_TEST(read(text) == "malformed", text);
}

BOOST_AUTO_TEST_SUITE_END()
