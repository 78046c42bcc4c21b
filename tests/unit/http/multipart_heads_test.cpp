// The headers of parts.
#include "unit/http/multipart_bodies.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace phial;
using namespace phial::testing;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(multipart_heads)

BOOST_AUTO_TEST_CASE(names_and_file_names_are_read_from_the_disposition) {
    struct {
        std::string parameters, expected;
    } const cases[] = {
        {"; name=\"a\"", "<a>"},
        {"; name=a", "<a>"},
        {";name=a;", "<a>"},
        {" ; NAME=\"a\" ; FileName=\"f\"", "<a file=f>"},
        {"; name=\"\"", "<>"},
        {"; name=\"a b;c=\\\"d\\\"\"", "<a b;c=\"d\">"},
        {"; name=\"a\\\\b\"", "<a\\b>"},
        {"; name=a; filename=\"\"", "<a file=>"},
        {"; name=a; filename=\"C:\\dir\\f.txt\"", "<a file=C:\\dir\\f.txt>"},
        {"; name=a; filename=\"../../etc/passwd\"", "<a file=../../etc/passwd>"},
        {"; name=a; filename=\"x\\\"y\\\\z\"", "<a file=x\"y\\z>"},
        {"; name=a; filename=\"100%25\"", "<a file=100%25>"},
        {"; name=\"\xC3\xA9\"; filename=\"\xE2\x82\xAC\"", "<é file=€>"},
        {"; name=\"\xE9\"; filename=\"a\xFF\"", "<\uFFFD file=a\uFFFD>"},
        {"; name=a; other=1; filename=f", "<a file=f>"},
        {"; filename=f; name=a", "<a file=f>"},
        // A backslash at the end, as browsers write it: they do not escape it.
        {R"(; name=a; filename="foo\")", "<a file=foo\\>"},
        {R"(; name=a; filename="C:\dir\")", "<a file=C:\\dir\\>"},
        {R"(; filename="C:\dir\" ; name="a")", "<a file=C:\\dir\\>"},
        {R"(; name="a\"; filename="b\")", "<a\\ file=b\\>"},
        {R"(; name=a; filename="a\"b\")", "<a file=a\"b\\>"},
        {R"(; name=a; filename="a\"; b")", "<a file=a\"; b>"}, // by the RFC while that can be read
        {R"(; name=a; filename="a\"; b=\"c")", "<a file=a\"; b=\"c>"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.parameters) {
            auto const body = with_parameters(c.parameters);
            auto const got = transcript({body});
            BOOST_TEST(got.starts_with(c.expected + "x</"));
            BOOST_TEST(got.ends_with(">end"));
            BOOST_TEST(transcript(testing::cut(body, 1)) == got);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_extended_file_name_is_preferred_when_it_can_be_read) {
    struct {
        char const *parameters, *expected;
    } const cases[] = {
        {"filename*=UTF-8''%e2%82%ac%20rates", "<n file=€ rates>"},
        {"filename*=utf-8'en'plain", "<n file=plain>"},
        {"filename=f; filename*=UTF-8''%C3%A9", "<n file=é>"},
        {"filename*=UTF-8''%C3%A9; filename=f", "<n file=é>"},
        {"filename*=iso-8859-1''caf%E9%2b", "<n file=café+>"},
        {"filename*=ISO-8859-1'en'%A3%20rates", "<n file=£ rates>"},
        {"filename*=UTF-8''", "<n file=>"},
        {"filename*=utf8''%C3%A9", "<n file=é>"},
        {"filename*=windows-1252''%80", "<n file=€>"},
        {"filename*=UTF-8''%FF", "<n file=\uFFFD>"},
        {"filename=f; filename*=UTF-8", "<n file=f>"},
        {"filename=f; filename*=UTF-8'x", "<n file=f>"},
        {"filename=f; filename*=koi8-r''%C1", "<n file=f>"},
        {"filename=f; filename*=''x", "<n file=f>"},
        {"filename*=koi8-r''%C1", "<n>"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.parameters) {
            auto const body = with_parameters("; name=n; "s + c.parameters);
            BOOST_TEST(transcript({body}) == c.expected + "x</n>end"s);
            BOOST_TEST(transcript(testing::cut(body, 1)) == c.expected + "x</n>end"s);
        }
    }
}

BOOST_AUTO_TEST_CASE(header_lines_are_read_strictly) {
    struct {
        char const *what;
        std::string lines, expected;
    } const cases[] = {
        {"names have no case", "content-DISPOSITION: FORM-DATA; name=n\r\n", "<n>x</n>end"},
        {"no white space behind the colon", "Content-Disposition:form-data;name=n\r\n", "<n>x</n>end"},
        {"a type", disposition + "Content-Type: text/plain; charset=x\r\n"s, "<n type=text/plain; charset=x>x</n>end"},
        {"a type first", "CONTENT-TYPE:\t a/b \r\n"s + disposition, "<n type=a/b>x</n>end"},
        {"other fields do not matter", "X-Other: 1\r\nContent-Length: 7\r\n"s + disposition, "<n>x</n>end"},
        {"an encoding that is none", "Content-Transfer-Encoding: Binary\r\n"s + disposition, "<n>x</n>end"},
        {"an encoding", "content-transfer-encoding: base64\r\n"s + disposition, "!415"},
        {"another encoding", disposition + "Content-Transfer-Encoding: quoted-printable\r\n"s, "!415"},
        {"no header", "", "!400"},
        {"no disposition", "Content-Type: text/plain\r\n", "!400"},
        {"no name", "Content-Disposition: form-data\r\n", "!400"},
        {"a file name only", "Content-Disposition: form-data; filename=f\r\n", "!400"},
        {"another disposition", "Content-Disposition: attachment; name=n\r\n", "!400"},
        {"an empty disposition", "Content-Disposition:\r\n", "!400"},
        {"two dispositions", disposition + std::string(disposition), "!400"},
        {"a backslash and an open quote", "Content-Disposition: form-data; name=\"n\\\"x\r\n", "!400"},
        {"an open quote", "Content-Disposition: form-data; name=\"n\r\n", "!400"},
        {"garbage behind a parameter", "Content-Disposition: form-data; name=\"n\" x\r\n", "!400"},
        {"a parameter without a value", "Content-Disposition: form-data; name\r\n", "!400"},
        {"a folded line", "Content-Disposition: form-data;\r\n name=n\r\n", "!400"},
        {"a folded line of another field", disposition + "X: 1\r\n\t2\r\n"s, "!400"},
        {"a line without a colon", disposition + "text\r\n"s, "!400"},
        {"a line without a name", disposition + ": text\r\n"s, "!400"},
        {"white space before the colon", "Content-Disposition : form-data; name=n\r\n", "!400"},
        {"LF only", "Content-Disposition: form-data; name=n\n", "!400"},
        {"LF only behind another line", disposition + "X: 1\n"s, "!400"},
        {"a bare CR", disposition + "X: 1\r2\r\n"s, "!400"},
        {"a NUL", disposition + "X: 1"s + '\0' + "\r\n", "!400"},
        {"an escape character", disposition + "X: \x1B[m\r\n"s, "!400"},
        {"a delimiter within the header", disposition + "--b--\r\n"s, "!400"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.what) { check_however_it_is_cut(with_header(c.lines), c.expected); }
    }
}

BOOST_AUTO_TEST_CASE(the_header_of_a_part_says_nothing_of_the_next) {
    auto const body = with_header("Content-Type: a/b\r\nContent-Disposition: form-data; name=first; filename=f\r\n");
    auto const two = body.substr(0, body.size() - 7) + part("y") + "--b--\r\n";
    check_however_it_is_cut(two, "<first file=f type=a/b>x</first><n>y</n>end");
}

BOOST_AUTO_TEST_SUITE_END()
