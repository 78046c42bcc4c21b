// Reading parts from a body that comes in pieces.
#include "phial/http/http_error.hpp"
#include "phial/http/multipart.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;
using namespace std::string_literals;

namespace {

std::string part(std::string const &name, std::string const &content) {
    return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n";
}

std::string file(std::string const &name, std::string const &filename, std::string const &content) {
    return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + filename +
           "\"\r\nContent-Type: a/b\r\n\r\n" + content + "\r\n";
}

std::string const three = part("one", "1") + file("two", "f", std::string(3000, 'x')) + part("three", "3") + "--b--";

task<std::string> read_by_text(multipart_reader &parts) {
    std::string out;
    while (auto const *part = co_await parts.next()) {
        auto const text = co_await parts.text();
        out += part->name + "=" + text.str() + "&";
    }
    co_return out;
}

task<std::string> read_by_data(multipart_reader &parts) {
    std::string out;
    while (auto const *part = co_await parts.next()) {
        std::string content;
        while (auto const bytes = co_await parts.data()) {
            if (bytes->empty()) content += "(empty)";
            content += *bytes;
        }
        out += part->name + "(" + part->filename.value_or("-") + "," + part->content_type + ")=" + content + "&";
    }
    co_return out;
}

task<std::string> read_names_only(multipart_reader &parts) {
    std::string out;
    while (auto const *part = co_await parts.next()) out += part->name + "&";
    co_return out;
}

task<std::string> read_beyond_the_ends(multipart_reader &parts) {
    std::string out;
    auto before = co_await parts.data();
    out += before ? "data" : "-";
    while (auto const *part = co_await parts.next()) {
        out += part->name;
        auto text = co_await parts.text();
        auto again = co_await parts.text();
        auto data = co_await parts.data();
        out += "=" + text.str() + again.str() + (data ? "data" : "-");
    }
    auto const *part = co_await parts.next();
    auto after = co_await parts.data();
    out += part == nullptr && !after ? "." : "more";
    co_return out;
}

using reading = task<std::string> (*)(multipart_reader &);

std::string read(reading how, std::vector<std::string> body, std::uint64_t text_limit = 1 << 20) {
    body_in_pieces source(std::move(body));
    message_limits limits;
    limits.body_in_memory = text_limit;
    multipart_reader parts(source, "b", limits);
    return run(how(parts));
}

unsigned refused(reading how, std::vector<std::string> body, std::uint64_t text_limit = 1 << 20) {
    try {
        (void)read(how, std::move(body), text_limit);
        return 0;
    } catch (http_error const &e) {
        return e.status();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(multipart)

BOOST_AUTO_TEST_CASE(parts_come_one_after_the_other_however_the_body_is_cut) {
    auto const content = std::string(3000, 'x');
    for (std::size_t const size : {1U, 2U, 5U, 64U, 10'000U}) {
        BOOST_TEST_CONTEXT("pieces of " << size) {
            BOOST_TEST(read(read_by_text, cut(three, size)) == "one=1&two=" + content + "&three=3&");
            BOOST_TEST(read(read_by_data, cut(three, size)) == "one(-,)=1&two(f,a/b)=" + content + "&three(-,)=3&");
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_read_of_a_part_is_passed_over) {
    BOOST_TEST(read(read_names_only, cut(three, 7)) == "one&two&three&");
}

BOOST_AUTO_TEST_CASE(reading_after_an_end_gives_nothing) {
    BOOST_TEST(read(read_beyond_the_ends, {part("a", "1") + part("b", "") + "--b--"}) == "-a=1-b=-.");
}

BOOST_AUTO_TEST_CASE(texts_are_made_utf8) {
    BOOST_TEST(read(read_by_text, {part("é", "\xC3\xA9\xFFx\xE2\x82") + "--b--"}) == "é=é\uFFFDx\uFFFD&");
    // A sequence that is cut between two pieces is whole in the text.
    BOOST_TEST(read(read_by_text, cut(part("a", "\xE2\x82\xAC") + "--b--", 1)) == "a=€&");
}

std::string typed(std::string const &name, std::string const &type, std::string const &content) {
    return "--b\r\nContent-Disposition: form-data; name=" + name + "\r\nContent-Type: " + type + "\r\n\r\n" + content +
           "\r\n";
}

BOOST_AUTO_TEST_CASE(texts_are_decoded_by_their_charset) {
    struct {
        std::string type, content, text;
    } const cases[] = {
        {"text/plain; charset=iso-8859-1", "caf\xE9", "café"},
        {"text/plain; charset=ISO-8859-1", "\xA0\xFF", "\u00A0ÿ"},
        {"text/plain; charset=\"latin1\"", "\xE9", "é"},
        {"text/plain; charset=windows-1252", "\x80 \x93x\x94 \x9F", "€ “x” Ÿ"},
        {"text/plain; charset=iso-8859-1", "\x80", "€"}, // as the Encoding Standard reads it
        {"text/plain; charset=cp1252", "", ""},
        {"text/plain; charset=utf8", "\xC3\xA9\xFF", "é\uFFFD"},
        {"text/plain; charset=us-ascii", "x", "x"},
        {"text/plain", "\xC3\xA9\xFF", "é\uFFFD"},
        {"charset=iso-8859-1", "\xC3\xA9", "é"}, // not a media type
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.type) {
            for (std::size_t const size : {1U, 1000U})
                BOOST_TEST(read(read_by_text, cut(typed("n", c.type, c.content) + "--b--", size)) ==
                           "n=" + c.text + "&");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_charset_that_is_not_known_is_415_where_text_is_wanted) {
    auto const body = typed("n", "text/plain; charset=koi8-r", "\xC1") + "--b--";
    BOOST_TEST(refused(read_by_text, {body}) == 415U);
    BOOST_TEST(read(read_by_data, {body}) == "n(-,text/plain; charset=koi8-r)=\xC1&");
    BOOST_TEST(read(read_names_only, {body}) == "n&");
}

BOOST_AUTO_TEST_CASE(a_field_charset_says_the_charset_of_those_after_it) {
    auto const e = part("x", "\xE9");
    BOOST_TEST(read(read_by_text, {part("_charset_", "ISO-8859-1") + e + "--b--"}) == "_charset_=ISO-8859-1&x=é&");
    BOOST_TEST(read(read_by_text, {part("_charset_", "UTF-8") + e + "--b--"}) == "_charset_=UTF-8&x=\uFFFD&");
    BOOST_TEST(read(read_by_text, {part("_charset_", "") + e + "--b--"}) == "_charset_=&x=\uFFFD&");
    BOOST_TEST(read(read_by_text, {part("_charset_", "latin1") + typed("x", "text/plain;charset=utf-8", "é") +
                                   "--b--"}) == "_charset_=latin1&x=é&");
    BOOST_TEST(refused(read_by_text, {part("_charset_", "koi8-r") + e + "--b--"}) == 415U);
    BOOST_TEST(read(read_by_text, {part("charset", "latin1") + e + "--b--"}) == "charset=latin1&x=\uFFFD&");
}

BOOST_AUTO_TEST_CASE(all_texts_together_are_limited) {
    auto const body = part("a", "12345") + part("b", "12345") + "--b--";
    BOOST_TEST(read(read_by_text, {body}, 10) == "a=12345&b=12345&");
    BOOST_TEST(refused(read_by_text, {body}, 9) == 413U);
    BOOST_TEST(read(read_by_data, {body}, 0) == "a(-,)=12345&b(-,)=12345&");
}

BOOST_AUTO_TEST_CASE(a_body_without_its_final_boundary_is_400) {
    for (auto const &body :
         {""s, "text"s, "--b"s, part("a", "1"), part("a", "1") + "--b-"s, part("a", "1") + "--c--"s}) {
        BOOST_TEST_CONTEXT(body) {
            BOOST_TEST(refused(read_by_text, cut(body, 3)) == 400U);
            BOOST_TEST(refused(read_by_data, {body}) == 400U);
            BOOST_TEST(refused(read_names_only, {body}) == 400U);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_final_boundary_needs_no_line_end_and_may_have_an_epilogue) {
    for (auto const &end :
         {"--b--"s, "--b--\r\n"s, "--b-- "s, "--b--\r\nepilogue"s, "--b--\r\n" + std::string(9999, 'e')}) {
        BOOST_TEST_CONTEXT(end) { BOOST_TEST(read(read_by_text, cut(part("a", "1") + end, 10)) == "a=1&"); }
    }
}

BOOST_AUTO_TEST_CASE(the_epilogue_is_read_to_the_end_of_the_body) {
    body_in_pieces source(cut(part("a", "1") + "--b--\r\nepilogue", 4));
    message_limits const limits;
    multipart_reader parts(source, "b", limits);
    BOOST_TEST(run(read_by_text(parts)) == "a=1&");
    BOOST_TEST(!run(source.next()));
}

BOOST_AUTO_TEST_CASE(a_boundary_that_is_none_is_400) {
    body_in_pieces source({});
    message_limits const limits;
    auto const is_400 = [](http_error const &e) { return e.status() == 400; };
    BOOST_CHECK_EXCEPTION(multipart_reader(source, "", limits), http_error, is_400);
    BOOST_CHECK_EXCEPTION(multipart_reader(source, std::string(71, 'b'), limits), http_error, is_400);
}

BOOST_AUTO_TEST_SUITE_END()
