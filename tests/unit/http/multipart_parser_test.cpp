// The multipart state machine, fed with bodies cut everywhere.
#include "unit/http/multipart_bodies.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;
using namespace std::string_literals;

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

BOOST_AUTO_TEST_CASE(what_follows_the_end_is_dropped) {
    multipart_parser parser("b");
    for (std::string_view input : {"--b--\r\nepilogue", "more", "--b\r\n"}) {
        BOOST_TEST((parser.next(input) == multipart_parser::event::end));
        BOOST_TEST(input.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
