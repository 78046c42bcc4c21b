// Request heads: what they say, and how much of them is looked at.
#include "unit/server/heads.hpp"

#include "phial/text/concat.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::string_literals;
using result = head_parser::result;

BOOST_AUTO_TEST_SUITE(request_heads)

BOOST_AUTO_TEST_CASE(a_head_is_complete_with_its_last_byte_and_says_what_was_sent) {
    auto const head =
        head_of({"POST /a?b=c HTTP/1.1", "Host: a:80", "X-Empty:", "x-TWO: \t one  two\t ", "Content-Length: 5"});
    head_parser p{message_limits()};
    for (std::size_t n = 0; n < head.size(); ++n) {
        BOOST_TEST_CONTEXT(n << " bytes") {
            BOOST_TEST((p.parse(std::string_view(head).substr(0, n)) == result::need_more));
        }
    }
    auto const bytes = head + "hello" + head; // the body, and the next request
    BOOST_REQUIRE((p.parse(bytes) == result::complete));
    BOOST_TEST(p.size() == head.size());
    BOOST_TEST((p.head().method == method::post));
    BOOST_TEST(p.head().target == "/a?b=c");
    BOOST_TEST(p.head().minor_version == 1U);
    BOOST_TEST(p.keep_alive());
    BOOST_TEST(!p.expects_continue());
    BOOST_TEST(p.framing_is_known());
    BOOST_TEST(!p.body().chunked);
    BOOST_TEST(p.body().length == 5U);
    auto const &fields = p.head().fields;
    BOOST_REQUIRE(fields.size() == 4U);
    BOOST_TEST(fields.find("host").value() == "a:80");
    BOOST_TEST(fields.find("X-Empty").value() == "");
    BOOST_TEST(fields.find("X-Two").value() == "one  two");
    BOOST_TEST((fields.begin() + 2)->name == "x-TWO");
}

BOOST_AUTO_TEST_CASE(empty_lines_before_a_request_are_passed_over_and_count_as_read) {
    auto const head = get({});
    for (std::string_view const before : {"\r\n", "\r\n\r\n", "\r\n\r\n\r\n\r\n\r\n"}) {
        auto const bytes = std::string(before) + head;
        head_parser p{message_limits()};
        for (std::size_t n = 0; n < bytes.size(); ++n)
            BOOST_TEST((p.parse(std::string_view(bytes).substr(0, n)) == result::need_more));
        BOOST_TEST((p.parse(bytes) == result::complete));
        BOOST_TEST(p.size() == bytes.size());
        BOOST_TEST(p.head().target == "/");
    }
    check_refused("\n" + head, {400});
    check_refused("\r" + head, {400});
    check_refused(" \r\n" + head, {400});
    check_refused("\r\n\n" + head, {400});
}

BOOST_AUTO_TEST_CASE(empty_lines_without_end_are_refused) {
    std::string bytes;
    while (bytes.size() <= 2048) bytes += "\r\n";
    check_refused(bytes, {400});
}

BOOST_AUTO_TEST_CASE(every_method_of_the_service_is_known) {
    struct {
        std::string_view name;
        method m;
    } const cases[] = {
        {"GET", method::get},     {"HEAD", method::head},      {"POST", method::post},       {"PUT", method::put},
        {"PATCH", method::patch}, {"DELETE", method::delete_}, {"OPTIONS", method::options}, {"TRACE", method::trace},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            auto const bytes = head_of({std::string(c.name) + " / HTTP/1.1", "Host: a"});
            head_parser p{message_limits()};
            BOOST_TEST((p.parse(bytes) == result::complete));
            BOOST_TEST((p.head().method == c.m));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_later_version_of_http_1_is_read_as_1_1) {
    for (char minor = '2'; minor <= '9'; ++minor) {
        auto const bytes = head_of({"PUT /a?b HTTP/1."s + minor, "Host: a", "Content-Length: 5"});
        BOOST_TEST_CONTEXT(bytes) {
            head_parser p{message_limits()};
            for (auto const &whole : {bytes, "\r\n" + bytes, bytes + "12345GET /"}) {
                BOOST_TEST((p.parse(whole) == result::complete));
                BOOST_TEST(p.size() == whole.find("\r\n\r\n") + 4);
                BOOST_TEST((p.head().method == method::put));
                BOOST_TEST(p.head().target == "/a?b");
                BOOST_TEST(p.head().minor_version == 1U);
                BOOST_TEST(p.head().fields.size() == 2U);
                BOOST_TEST(p.body().length == 5U);
                BOOST_TEST(p.keep_alive());
            }
            for (std::size_t n = 0; n < bytes.size(); ++n)
                BOOST_TEST((p.parse(std::string_view(bytes).substr(0, n)) == result::need_more), n);
        }
    }
    check_refused(head_of({"GET / HTTP/1.2"}), {400}); // no Host
    check_refused(head_of({"GET / HTTP/1.2", "Host: a", "X : y"}), {400});
    check_refused(head_of({"GET / HTTP/1.10", "Host: a"}), {400});
}

BOOST_AUTO_TEST_CASE(a_method_that_is_not_known_is_named_as_it_was_sent) {
    struct {
        std::string_view bytes;
        bool is_known;
        std::string_view sent;
    } const cases[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true, ""},
        {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", false, "BREW"},
        {"BREW / HTTP/1.7\r\nHost: a\r\n\r\n", false, "BREW"},
        {"GET / HTTP/1.1\r\n\r\n", true, ""}, // no Host
        {"GET  / HTTP/1.1\r\n\r\n", false, ""},
        {"hello\r\n\r\n", false, ""},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.bytes) {
            head_parser p{message_limits()};
            (void)p.parse(c.bytes);
            BOOST_TEST(p.head().is_known == c.is_known);
            BOOST_TEST(p.head().method_sent == c.sent);
        }
    }
    head_parser p{message_limits()};
    (void)p.parse(std::string(20'000, 'A'));
    BOOST_TEST(p.head().method_sent.size() > 64U);
}

BOOST_AUTO_TEST_CASE(nothing_stays_of_the_head_before) {
    head_parser p{message_limits()};
    auto const plain = head_of({"GET / HTTP/1.0"});
    for (auto const &before : {
             get({"Transfer-Encoding: chunked"}),
             get({"Transfer-Encoding: gzip"}),
             get({"Content-Length: 5", "Expect: 100-continue"}),
             get({"Content-Length: 5", "Content-Length: 6"}),
             get({"Connection: keep-alive"}),
             get({"Expect: x"}),
             get({"X: a\r\n b"}),
             get({"Host: b"}),
             get(std::vector<std::string>(200, "X: y")),
             head_of({"BREW / HTTP/1.1", "Host: a"}),
             head_of({"GET / HTTP/2.0"}),
             "GET /unfinished HTTP/1.1\r\nContent-Length: 5\r\nConnection: close\r\n"s,
         }) {
        BOOST_TEST_CONTEXT(before.substr(0, 100)) {
            p.parse(before);
            BOOST_TEST((p.parse(plain) == result::complete));
            BOOST_TEST(p.why().status == 0U);
            BOOST_TEST(p.head().target == "/");
            BOOST_TEST((p.head().method == method::get));
            BOOST_TEST(p.head().fields.size() == 0U);
            BOOST_TEST(!p.body().chunked);
            BOOST_TEST(p.body().length == 0U);
            BOOST_TEST(!p.keep_alive());
            BOOST_TEST(!p.expects_continue());
            p.parse(before);
            auto const close = get({"Connection: close"});
            BOOST_TEST((p.parse(close) == result::complete));
            BOOST_TEST(!p.keep_alive());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_head_that_was_refused_before_its_end_has_no_size) {
    head_parser p{message_limits()};
    for (auto const &bytes :
         {get({"X : y"}), get({"Content-Length: x"}), head_of({"GET / HTTP/2.0"}), "\x16\x03\x01"s}) {
        BOOST_TEST((p.parse(get({})) == result::complete));
        BOOST_TEST((p.parse(bytes) == result::refused));
        BOOST_TEST(p.size() == 0U);
        BOOST_TEST(!p.framing_is_known());
    }
}

BOOST_AUTO_TEST_CASE(a_whole_head_is_always_worth_parsing) {
    for (auto const &before : {""s, "\r\n"s}) {
        auto const bytes = before + get({"X: y"});
        for (std::size_t seen = 0; seen < bytes.size(); ++seen) {
            BOOST_TEST_CONTEXT(seen << " seen") {
                BOOST_TEST(head_parser::is_worth_parsing(bytes, seen, message_limits()));
                BOOST_TEST(head_parser::is_worth_parsing(bytes + "body", seen, message_limits()));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_part_of_a_head_is_not_looked_at_again) {
    auto const bytes = get({"X: y"});
    auto const line_end = bytes.find('\n') + 1; // a bad request line is refused when it is whole
    for (std::size_t n = 1; n < bytes.size(); ++n) {
        BOOST_TEST_CONTEXT(n << " bytes") {
            BOOST_TEST((n == line_end) ==
                       head_parser::is_worth_parsing(std::string_view(bytes).substr(0, n), n - 1, message_limits()));
        }
    }
    std::string const line(16 * 1024, 'a');
    BOOST_TEST(!head_parser::is_worth_parsing(line, 100, message_limits()));
    BOOST_TEST(
        head_parser::is_worth_parsing(line + "a", 100, message_limits())); // too long: there is something to refuse
}

BOOST_AUTO_TEST_CASE(a_line_that_has_its_end_is_not_waited_for_any_more) {
    for (std::string_view const version : {"", "H", "HT", "HTT", "HTTP", "HTTP/", "HTTP/1", "HTTP/1.", "x", " "}) {
        for (std::string_view const method : {"GET", "HEAD", "BREW"}) {
            auto const line = concat(method, " / ", version, "\r\n");
            check_refused(line, {400});
            check_refused(line + "\r\n", {400});
            check_refused("\r\n" + line + "\r\n", {400});
            check_refused(line + "Host: a\r\n\r\n", {400});
        }
    }
    for (std::string_view const line : {"GET", "GET ", "GET /", "GET  ", "G", " ", "\t", "GET / HTTP/1.1 ", ":", "x y"})
        check_refused(std::string(line) + "\r\n\r\n", {400});
}

BOOST_AUTO_TEST_SUITE_END()
