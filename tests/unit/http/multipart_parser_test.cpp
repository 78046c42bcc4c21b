// The multipart state machine, fed with bodies cut everywhere.
#include "phial/http/http_error.hpp"
#include "phial/http/multipart_parser.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace std::string_literals;

namespace {

using strings = std::vector<std::string>;

std::string describe(part_head const &head) {
    std::string out = "<" + head.name;
    if (head.filename) out += " file=" + *head.filename;
    if (!head.content_type.empty()) out += " type=" + head.content_type;
    return out;
}

// What the parser makes of a body, as a text: "<name file=... type=...>content</name>", then "end"; "cut" when the end
// did not come, "!400" and the like for an error. How content is cut into data events does not show.
std::string transcript(strings const &body, std::string_view boundary = "b") {
    std::string out;
    try {
        multipart_parser parser(boundary);
        strings pieces = body;
        pieces.emplace_back("\r\n");
        std::string head;
        for (auto const &piece : pieces) {
            std::string_view input = piece;
            for (;;) {
                using event = multipart_parser::event;
                auto const e = parser.next(input);
                if (e == event::end) return out + "end";
                if (e == event::need_more) break;
                if (e == event::part) {
                    head = describe(parser.head());
                    out += head + ">";
                    continue;
                }
                // The header is there as long as the part is.
                if (describe(parser.head()) != head) return out + "(lost the header)";
                if (e == event::part_end) out += "</" + parser.head().name + ">";
                if (e == event::data) out += parser.data().empty() ? "(empty data)" : parser.data();
            }
            if (!input.empty()) return out + "(left input)";
        }
        return out + "cut";
    } catch (http_error const &e) {
        return out + "!" + std::to_string(e.status());
    }
}

void check_however_it_is_cut(std::string const &body, std::string const &expected, std::string_view boundary = "b") {
    BOOST_TEST(transcript({body}, boundary) == expected);
    for (std::size_t const size : {1U, 2U, 3U, 7U})
        BOOST_TEST(transcript(testing::cut(body, size), boundary) == expected, "cut into pieces of " << size);
    for (std::size_t at = 0; at <= body.size(); ++at) {
        auto const got = transcript({body.substr(0, at), body.substr(at)}, boundary);
        BOOST_TEST(got == expected, "cut at byte " << at << ": " << got);
    }
}

constexpr char disposition[] = "Content-Disposition: form-data; name=\"n\"\r\n";

std::string part(std::string const &content) { return "--b\r\n"s + disposition + "\r\n" + content + "\r\n"; }

// A body with one part of that header.
std::string with_header(std::string const &lines) { return "--b\r\n" + lines + "\r\nx\r\n--b--\r\n"; }

std::string with_parameters(std::string const &parameters) {
    return with_header("Content-Disposition: form-data" + parameters + "\r\n");
}

} // namespace

BOOST_AUTO_TEST_SUITE(multipart_parser_)

BOOST_AUTO_TEST_CASE(content_comes_byte_for_byte_whatever_it_looks_like) {
    for (auto const &content : {
             ""s,
             "x"s,
             "\r"s,
             "\n"s,
             "\r\n"s,
             "\n\r"s,
             "x\r"s,
             "x\r\n"s,
             "x\r\n\r\n"s,
             "\r\r\r\r"s,
             "\r\n\r\n\r\n"s,
             "\r\r\n\r\r\n"s,
             "a\rb\r\rc\r\nd\n\re"s,
             "-"s,
             "--"s,
             "--bx"s,
             "--b-"s,
             "--b--x"s,
             "\r\n-"s,
             "\r\n--"s,
             "\r\n---"s,
             "\r\n--a"s,
             "\r\n--bb"s,
             "\r\n--b-"s,
             "\r\n--b-x"s,
             "\r\n--b---"s,
             "\r\n--b--x"s,
             "\r\n--b x"s,
             "\r\n--b \t"
             "x\r\n"s,
             "\r\n--b\r"s,
             "\r\n--b\rx"s,
             "\r\n--b \r\r"s,
             "\r\n--b--\rx"s,
             "\r\n--b\n"s,
             "\n--b\n"s,
             "\n--b--\n"s,
             "\r--b--\r"s,
             "\r\r\n--c\r\r\n--"s,
             "\r\n--\r\n--\r\n--"s,
             "\r\n--b\r\r\n--b\r\r\n--b-"s,
             "x--b"s,
             "x--b--"s,
             "--B"s,
             "\0\r\0\n\0"s,
             "\xFF\xFE\r\xC3"s,
         }) {
        BOOST_TEST_CONTEXT(testing::cut(content, 200).size() << " content: " << content) {
            check_however_it_is_cut(part(content) + "--b--\r\n", "<n>" + content + "</n>end");
            check_however_it_is_cut(part(content) + part("2") + "--b--\r\n", "<n>" + content + "</n><n>2</n>end");
        }
    }
}

BOOST_AUTO_TEST_CASE(delimiters_are_found_wherever_they_are_allowed) {
    struct {
        char const *what;
        std::string body, expected;
    } const cases[] = {
        {"no parts", "--b--\r\n", "end"},
        {"a preamble", "preamble\r\n" + part("x") + "--b--\r\n", "<n>x</n>end"},
        {"a preamble of an empty line", "\r\n" + part("x") + "--b--\r\n", "<n>x</n>end"},
        {"a preamble that looks like a boundary", "--b!\r\n--bb\r\n\r\r\n" + part("x") + "--b--\r\n", "<n>x</n>end"},
        {"an epilogue", part("x") + "--b--\r\nepilogue", "<n>x</n>end"},
        {"an epilogue that looks like a part", part("x") + "--b--\r\n" + part("y") + "--b--\r\n", "<n>x</n>end"},
        {"no CR LF behind the final boundary", part("x") + "--b--", "<n>x</n>end"},
        {"padding behind the final boundary", part("x") + "--b-- \t", "<n>x</n>end"},
        {"padding behind every boundary",
         "--b \t\r\n"s + disposition + "\r\nx\r\n--b \r\n" + disposition + "\r\ny\r\n--b--  \r\n",
         "<n>x</n><n>y</n>end"},
        {"content without a CR LF of its own", "--b\r\n"s + disposition + "\r\n--b--\r\n", "<n></n>end"},
        {"two such parts", "--b\r\n"s + disposition + "\r\n--b\r\n" + disposition + "\r\n--b--", "<n></n><n></n>end"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.what) { check_however_it_is_cut(c.body, c.expected); }
    }
}

BOOST_AUTO_TEST_CASE(a_body_without_its_final_boundary_is_cut) {
    struct {
        char const *what;
        std::string body;
    } const cases[] = {
        {"nothing", ""},
        {"an empty line", "\r\n"},
        {"text", "text"},
        {"a final boundary that begins no line", "x--b--"},
        {"a final boundary behind LF only", "x\n--b--"},
        {"LF only behind the final boundary", part("x") + "--b--\nx"},
        {"a foreign boundary", "--c\r\n"s + disposition + "\r\nx\r\n--c--\r\n"},
        {"a boundary in another case", "--B--\r\n"},
        {"the end missing", part("xyz")},
        {"half a final boundary", part("xyz") + "--b-"},
        {"a foreign final boundary", part("xyz") + "--c--\r\n"},
        {"a header without end", "--b\r\n"s + disposition},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            auto const whole = transcript({c.body});
            BOOST_TEST(whole.ends_with("cut"));
            check_however_it_is_cut(c.body, whole);
        }
    }
}

// The part behind such a line would be lost.
BOOST_AUTO_TEST_CASE(a_line_before_the_first_part_that_was_meant_to_be_a_delimiter_is_refused) {
    auto const rest = disposition + "\r\nx\r\n"s;
    auto const begins_no_line = [](std::string_view message) { return message.find("does not begin") != message.npos; };
    struct {
        char const *what;
        std::string body;
        bool begins_line; // the boundary in it
    } const cases[] = {
        {"LF before", "\n--b\r\n" + rest, false},
        {"CR before", "\r--b\r\n" + rest, false},
        {"LF CR before", "\n\r--b\r\n" + rest, false},
        {"a line that ends with LF before", "x\n--b\r\n" + rest, false},
        {"CR CR LF CR before", "\r\r\n\r--b\r\n" + rest, false},
        {"a space before", " --b\r\n" + rest, false},
        {"a byte order mark before", "\xEF\xBB\xBF--b\r\n" + rest, false},
        {"a dash before", "---b\r\n" + rest, false},
        {"two dashes before", "----b\r\n" + rest, false},
        {"text before", "preamble--b\r\n" + rest, false},
        {"blanks behind", "x--b \t \r\n" + rest, false},
        {"LF behind", "x--b\n" + rest, false},
        {"in a later line of the preamble", "one\r\n\r\ntwo--b\r\n" + rest, false},
        {"twice in a line", "--b--b\r\n" + rest, false},
        {"LF behind the delimiter", "--b\n" + rest, true},
        {"CR behind the delimiter", "--b\r" + rest, true},
        {"CR CR LF behind the delimiter", "--b\r\r\n" + rest, true},
        {"a space and LF behind the delimiter", "--b \n" + rest, true},
        {"LF behind a later delimiter", "one\r\n--b\n" + rest, true},
        {"more padding than there may be", "--b" + std::string(multipart_parser::max_padding + 1, ' ') + "\r\n" + rest,
         true},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            for (auto const &body : {c.body + "--b--\r\n", c.body + part("y") + "--b--\r\n"}) {
                if (body.size() < 200) {
                    check_however_it_is_cut(body, "!400");
                } else {
                    BOOST_TEST(transcript({body}) == "!400");
                    BOOST_TEST(transcript(testing::cut(body, 1)) == "!400");
                }
            }
            multipart_parser parser("b");
            std::string_view input = c.body;
            BOOST_CHECK_EXCEPTION((void)parser.next(input), http_error,
                                  [&](http_error const &e) { return begins_no_line(e.what()) == !c.begins_line; });
        }
    }
    for (auto const *body : {"x--b", "\n--b", "x--b \t", "--b\n", "x\r\nx--b"}) BOOST_TEST_CONTEXT(body) {
            check_however_it_is_cut(body, "!400");
        }
}

BOOST_AUTO_TEST_CASE(a_preamble_may_look_like_a_delimiter_all_the_same) {
    for (auto const &preamble :
         {"--bx\r\n"s, "x--bx\r\n"s, "--b x\r\n"s, "--b\tx\n\r\n"s, "\n--bb\r\n"s, "--b-\r\n"s, "x--b--\r\n"s,
          "\n--b--\n\r\n"s, "--b--x\r\n"s, "-b\r\n"s, "--\r\n"s, "-- b\r\n"s, "--B\r\n"s, "b\r\n"s, "--b!\n--c\n\r\n"s,
          "-\r\n-b\r\n"s, "--\nb\r\n"s, "--b" + std::string(multipart_parser::max_padding + 1, ' ') + "x\r\n"}) {
        BOOST_TEST_CONTEXT(preamble) {
            auto const body = preamble + part("x") + "--b--\r\n";
            if (body.size() < 200) check_however_it_is_cut(body, "<n>x</n>end");
            BOOST_TEST(transcript(testing::cut(body, 1)) == "<n>x</n>end");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_boundary_that_repeats_itself_is_found_in_the_preamble) {
    for (auto const *boundary : {"--", "-", "b--b", "aab", "a --a", "abab", "--b --b"}) {
        auto const line = "--"s + boundary;
        auto const rest = "\r\n"s + disposition + "\r\nx\r\n" + line + "--\r\n";
        BOOST_TEST_CONTEXT(boundary) {
            check_however_it_is_cut(line + rest, "<n>x</n>end", boundary);
            for (auto const &before : {"-"s, "a"s, "--a"s, "aa"s, "ab"s, "--ab"s, line + " "})
                BOOST_TEST_CONTEXT(before) { check_however_it_is_cut(before + line + rest, "!400", boundary); }
            check_however_it_is_cut("x" + line + "y\r\n" + line + rest, "<n>x</n>end", boundary);
        }
    }
}

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

BOOST_AUTO_TEST_CASE(data_is_handed_out_as_it_comes) {
    multipart_parser parser("b");
    std::string const head = "--b\r\n"s + disposition + "\r\n";
    std::string_view input = head;
    BOOST_TEST((parser.next(input) == multipart_parser::event::part));
    BOOST_TEST((parser.next(input) == multipart_parser::event::need_more));
    std::string const content = "some content";
    input = content;
    BOOST_TEST((parser.next(input) == multipart_parser::event::data));
    BOOST_TEST(parser.data() == content);
}

BOOST_AUTO_TEST_CASE(boundaries_have_one_to_seventy_of_their_characters) {
    for (auto const &good :
         {"b"s, "AaZz09'()+_,-./:=?"s, "a b"s, "--"s, std::string(70, 'x'), "*****"s, "!#$%&^`|~"s}) {
        BOOST_TEST_CONTEXT(good) {
            auto const body = "--" + good + "\r\n" + disposition + "\r\nx\r\n--" + good + "--\r\n";
            check_however_it_is_cut(body, "<n>x</n>end", good);
        }
    }
    for (auto const &bad :
         {""s, std::string(71, 'x'), "b "s, "a\r\nb"s, "a\"b"s, "a;b"s, "a@b"s, "\xC3\xA9"s, "a\0b"s}) {
        BOOST_TEST_CONTEXT(bad) { BOOST_TEST(transcript({"--b--\r\n"}, bad) == "!400"); }
    }
}

BOOST_AUTO_TEST_CASE(a_thousand_parts_are_the_limit) {
    std::string body;
    std::string expected;
    for (std::size_t i = 0; i < message_limits().parts; ++i) {
        body += part("");
        expected += "<n></n>";
    }
    BOOST_TEST(transcript({body + "--b--"}) == expected + "end");
    BOOST_TEST(transcript({body + part("") + "--b--"}).ends_with("!413"));
}

BOOST_AUTO_TEST_CASE(the_lines_of_a_header_are_limited) {
    std::string lines = disposition;
    for (std::size_t i = 1; i < message_limits().part_lines; ++i) lines += "X: 1\r\n";
    BOOST_TEST(transcript({with_header(lines)}) == "<n>x</n>end");
    BOOST_TEST(transcript({with_header(lines + "X: 1\r\n")}) == "!413");
    // They are counted for each part separately.
    BOOST_TEST(transcript({"--b\r\n" + lines + "\r\nx\r\n" + with_header(lines)}) == "<n>x</n><n>x</n>end");
}

BOOST_AUTO_TEST_CASE(what_a_part_is_called_is_limited) {
    auto const most = message_limits().part_name;
    std::string const x(most, 'x');
    struct {
        std::string begin, end;
    } const cases[] = {
        {"Content-Disposition: form-data; name=\"", "\"\r\n"},
        {"Content-Disposition: form-data; name=n; filename=\"", "\"\r\n"},
        {"Content-Disposition: form-data; name=n; filename*=utf-8''", "\r\n"},
        {"Content-Disposition: form-data; name=n\r\nContent-Type: ", "\r\n"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.begin) {
            BOOST_TEST(transcript({with_header(c.begin + x + c.end)}).ends_with("end"));
            BOOST_TEST(transcript({with_header(c.begin + x + "x" + c.end)}) == "!413");
        }
    }
}

BOOST_AUTO_TEST_CASE(the_bytes_of_a_header_are_limited) {
    std::string const begin = disposition + "X: "s;
    auto const rest = message_limits().part_head - begin.size() - 4; // two line ends
    auto const fits = with_header(begin + std::string(rest, 'x') + "\r\n");
    auto const large = with_header(begin + std::string(rest + 1, 'x') + "\r\n");
    for (std::size_t const size : {1U, 1000U, 100'000U}) {
        BOOST_TEST_CONTEXT("pieces of " << size) {
            BOOST_TEST(transcript(testing::cut(fits, size)) == "<n>x</n>end");
            BOOST_TEST(transcript(testing::cut(large, size)) == "!413");
            // A line without end is refused before its end.
            BOOST_TEST(transcript(testing::cut("--b\r\nX: " + std::string(20'000, 'x'), size)) == "!413");
        }
    }
}

BOOST_AUTO_TEST_CASE(the_padding_of_a_boundary_is_limited) {
    std::string const most(multipart_parser::max_padding, ' ');
    auto const fits = part("x") + "--b" + most + "\r\n" + disposition + "\r\ny\r\n--b--\r\n";
    auto const content = "x\r\n--b" + most + " ";
    for (std::size_t const size : {1U, 500U, 100'000U}) {
        BOOST_TEST_CONTEXT("pieces of " << size) {
            BOOST_TEST(transcript(testing::cut(fits, size)) == "<n>x</n><n>y</n>end");
            BOOST_TEST(transcript(testing::cut(part(content) + "--b--", size)) == "<n>" + content + "</n>end");
        }
    }
}

// What is held until it is decided is not looked at again and again.
BOOST_AUTO_TEST_CASE(padding_that_comes_byte_by_byte_takes_no_longer_than_at_once) {
    std::string body;
    std::string expected;
    auto const almost = "--b" + std::string(multipart_parser::max_padding, ' ') + "x";
    for (int i = 0; i < 200; ++i) {
        body += "--b\r\n"s + disposition + "\r\n" + almost + "\r\n";
        expected += "<n>" + almost + "</n>";
    }
    BOOST_TEST((transcript(testing::cut(body + "--b--\r\n", 1)) == expected + "end"));
}

BOOST_AUTO_TEST_CASE(what_follows_the_end_is_dropped) {
    multipart_parser parser("b");
    for (std::string_view input : {"--b--\r\nepilogue", "more", "--b\r\n"}) {
        BOOST_TEST((parser.next(input) == multipart_parser::event::end));
        BOOST_TEST(input.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
