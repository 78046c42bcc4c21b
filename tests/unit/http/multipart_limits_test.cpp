// What is limited in a multipart body.
#include "unit/http/multipart_bodies.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace phial;
using namespace phial::testing;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(multipart_limits)

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

BOOST_AUTO_TEST_SUITE_END()
