// Media types and their parameters.
#include "phial/http/http_error.hpp"
#include "phial/http/media_type.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(media_types)

BOOST_AUTO_TEST_CASE(type_and_subtype_are_read) {
    struct {
        std::string_view in, type, subtype, parameters;
    } const cases[] = {
        {"text/plain", "text", "plain", ""},
        {" \ttext/plain\t ", "text", "plain", ""},
        {"Text/PLAIN", "Text", "PLAIN", ""},
        {"text/plain;charset=utf-8", "text", "plain", ";charset=utf-8"},
        {"text/plain ; charset=utf-8", "text", "plain", "; charset=utf-8"},
        {"text/plain;", "text", "plain", ";"},
        {"application/vnd.example.v2+json", "application", "vnd.example.v2+json", ""},
        {"*/*", "*", "*", ""},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            auto const m = parse_media_type(c.in);
            BOOST_TEST(m.type == c.type);
            BOOST_TEST(m.subtype == c.subtype);
            BOOST_TEST(m.parameters == c.parameters);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_exactly_one_media_type_has_empty_names) {
    for (std::string_view const s :
         {"", " ", "text", "text/", "/plain", "/", "text /plain", "text/ plain", "text//plain", "text/plain/x",
          "text/plain, text/html", "text/plain text/html", "text/plain x=y", "text;a=b", "te(x)t/plain", "text/pl@in",
          "text/pl\xC3\xA9", ";charset=utf-8"}) {
        BOOST_TEST_CONTEXT(s) {
            auto const m = parse_media_type(s);
            BOOST_TEST(m.type == "");
            BOOST_TEST(m.subtype == "");
            BOOST_TEST(!m.is("text/plain"));
            BOOST_TEST(!m.parameter("charset").has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_type_is_compared_without_case_and_parameters) {
    BOOST_TEST(parse_media_type("Text/Plain; charset=x").is("text/plain"));
    BOOST_TEST(!parse_media_type("text/plain").is("text/plai"));
    BOOST_TEST(!parse_media_type("text/plain").is("text/plain2"));
    BOOST_TEST(!parse_media_type("text/plain").is("text/html"));
    BOOST_TEST(!parse_media_type("text/plain").is("image/plain"));
    BOOST_TEST(!parse_media_type("text/plain").is("text"));
    BOOST_TEST(!media_type().is(""));
}

BOOST_AUTO_TEST_CASE(json_is_application_json_and_the_suffix) {
    struct {
        std::string_view in;
        bool json;
    } const cases[] = {
        {"application/json", true},
        {"Application/JSON; charset=utf-8", true},
        {"application/problem+json", true},
        {"application/vnd.example.v2+JSON", true},
        {"application/+json", false},
        {"application/xjson", false},
        {"application/json+xml", false},
        {"application/jsonx", false},
        {"text/json", false},
        {"text/x+json", false},
        {"", false},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) { BOOST_TEST(parse_media_type(c.in).is_json() == c.json); }
    }
}

BOOST_AUTO_TEST_CASE(parameters_are_tokens_or_quoted_strings) {
    struct {
        std::string_view parameters;
        std::optional<std::string> charset;
    } const cases[] = {
        {"", std::nullopt},
        {";", std::nullopt},
        {";charset=utf-8", "utf-8"},
        {"; CHARSET=utf-8 ", "utf-8"},
        {"\t;\tcharset=UTF-8", "UTF-8"},
        {";charset=utf-8;", "utf-8"},
        {";;; charset=utf-8", "utf-8"},
        {";a=b;charset=utf-8;c=d", "utf-8"},
        {";charset=a;charset=b", "a"},
        {";xcharset=a", std::nullopt},
        {R"(;charset="utf-8")", "utf-8"},
        {R"(;charset="")", ""},
        {R"(;charset="a;b=c, d")", "a;b=c, d"},
        {R"(;a=";charset=x";charset=y)", "y"},
        {R"(;charset="a\"b\\c")", R"(a"b\c)"},
        {R"(;charset="C:\dir\file")", R"(C:\dir\file)"}, // a backslash before anything else stays
        {R"(;charset="a\\")", R"(a\)"},
        {R"(;charset="\\\"")", R"(\")"},
        {R"(;charset="a\")", std::nullopt}, // that quote is escaped: the closing one is missing
        {R"(;charset="a)", std::nullopt},
        {R"(;charset=")", std::nullopt},
        {R"(;charset="a"b)", std::nullopt},
        {R"(;charset="a" ;b=c)", "a"},
        {";charset", std::nullopt},
        {";charset ", std::nullopt},
        {";charset =a", std::nullopt}, // no white space around the equals sign (RFC 9110 5.6.6)
        {";charset= a", std::nullopt},
        {";charset=a b", std::nullopt},
        {";charset=a@b", std::nullopt},
        {";=a", std::nullopt},
        {";a@=b;charset=x", std::nullopt}, // nothing is known behind what is malformed
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.parameters) {
            auto const value = parse_media_type(std::string("text/plain").append(c.parameters)).parameter("charset");
            BOOST_REQUIRE(value.has_value() == c.charset.has_value());
            if (value) BOOST_TEST(*value == *c.charset);
        }
    }
}

BOOST_AUTO_TEST_CASE(parameters_come_one_by_one_and_the_rest_is_empty_when_all_were_read) {
    std::string_view rest = "; name=\"a b\" ;x=1; ";
    auto p = next_parameter(rest);
    BOOST_REQUIRE(p.has_value());
    BOOST_TEST(p->name == "name");
    BOOST_TEST(p->value == "a b");
    p = next_parameter(rest);
    BOOST_REQUIRE(p.has_value());
    BOOST_TEST(p->name == "x");
    BOOST_TEST(p->value == "1");
    BOOST_TEST(!next_parameter(rest).has_value());
    BOOST_TEST(rest == "");
}

BOOST_AUTO_TEST_CASE(a_backslash_may_end_a_value_where_that_is_asked_for) {
    struct {
        std::string_view in;
        std::optional<std::string> value;
    } const cases[] = {
        {R"(;a="b\")", R"(b\)"}, {R"(;a="b\" ; c=d)", R"(b\)"}, {R"(;a="b\"c")", R"(b"c)"},    {R"(;a="b\\")", R"(b\)"},
        {R"(;a="\")", R"(\)"},   {R"(;a="b\"c)", std::nullopt}, {R"(;a="b\"c\";)", R"(b"c\)"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            auto rest = c.in;
            auto const p = next_parameter(rest, backslash::may_end_a_value);
            BOOST_REQUIRE(p.has_value() == c.value.has_value());
            if (p) BOOST_TEST(p->value == *c.value);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_rest_is_not_empty_when_something_malformed_was_left) {
    for (std::string_view const s : {"x", "; a", "; a=\"b", "; a=b c", "; =b", ";a=b@", "; @"}) {
        BOOST_TEST_CONTEXT(s) {
            auto rest = s;
            BOOST_TEST(!next_parameter(rest).has_value());
            BOOST_TEST(rest != "");
        }
    }
}

BOOST_AUTO_TEST_CASE(the_charset_is_that_of_the_parameter_and_utf8_without_one) {
    BOOST_TEST((charset_of(parse_media_type("text/plain")) == charset::utf_8));
    BOOST_TEST((charset_of(parse_media_type("text/plain; Charset=\"latin1\"")) == charset::windows_1252));
    BOOST_CHECK_EXCEPTION((void)charset_of(parse_media_type("text/plain; charset=koi8-r")), http_error,
                          [](http_error const &e) {
                              return e.status() == 415 && std::string_view(e.what()).ends_with("not in 'koi8-r'.");
                          });
}

BOOST_AUTO_TEST_SUITE_END()
