// Request heads that are malformed, or that are not served.
#include "unit/server/heads.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;
using namespace std::string_literals;
using result = head_parser::result;

BOOST_AUTO_TEST_SUITE(head_refusals)

BOOST_AUTO_TEST_CASE(an_unknown_method_is_501_and_its_body_can_be_delimited) {
    for (std::string_view const name : {"get", "Get", "GETS", "BREW", "PROPFIND", "M-SEARCH", "!#$%&'*+-.^_`|~", "X"})
        check_refused(head_of({std::string(name) + " / HTTP/1.1", "Host: a"}), {501}, framing_after::known);

    auto const bytes = head_of({"BREW / HTTP/1.1", "Host: a", "Content-Length: 7"});
    head_parser p{message_limits()};
    BOOST_TEST((p.parse(bytes) == result::refused));
    BOOST_TEST(p.framing_is_known());
    BOOST_TEST(p.body().length == 7U);
    BOOST_TEST(p.keep_alive());

    check_refused(head_of({"BREW / HTTP/1.1", "Host: a", "Content-Length: x"}), {400});
    check_refused(head_of({"BREW / HTTP/1.1"}), {400});
}

BOOST_AUTO_TEST_CASE(connect_is_501_and_what_follows_is_a_tunnel) {
    check_refused(head_of({"CONNECT a:80 HTTP/1.1", "Host: a:80"}), {501});
    check_refused(head_of({"CONNECT / HTTP/1.1", "Host: a", "Content-Length: 0"}), {501});
}

BOOST_AUTO_TEST_CASE(a_malformed_request_line_is_400) {
    for (auto const &line : {
             ""s,
             "GET"s,
             "GET /"s, // a simple request of HTTP/0.9
             "GET / "s,
             "GET HTTP/1.1"s,
             " GET / HTTP/1.1"s,
             "GET  / HTTP/1.1"s,
             "GET /  HTTP/1.1"s,
             "GET / HTTP/1.1 "s,
             "GET / HTTP/1.1\t"s,
             "GET\t/\tHTTP/1.1"s,
             "GET /a b HTTP/1.1"s,
             "GET / http/1.1"s,
             "GET / HTTP/1"s,
             "GET / HTTP/1."s,
             "GET / HTTP/.1"s,
             "GET / HTTP/1.1.1"s,
             "GET / HTTP/01.1"s,
             "GET / HTTP/11.0"s,
             "GET / HTTP/1.10"s,
             "GET / HTTP/x.y"s,
             "GET / HTTP 1.1"s,
             "GET / HTTPS/1.1"s,
             "GET / HTTP/2.0 "s,
             "GET / HTTP/2.0\rX: y"s,
             "GET /a b HTTP/2.0"s,
             "GET /a  HTTP/2.0"s,
             "G(T / HTTP/1.1"s,
             "G\xC3\x89T / HTTP/1.1"s,
             "GET: / HTTP/1.1"s,
             "G\0T / HTTP/1.1"s,
             "GET /\0 HTTP/1.1"s,
             "GET /\x01 HTTP/1.1"s,
             "GET /\x7F HTTP/1.1"s,
             "GET /\ra HTTP/1.1"s,
             "GET /\na HTTP/1.1"s,
             "GET / HTTP/1.1\rX: y"s,
             "GET / HTTP/1.1\nX: y"s,
         }) {
        check_refused(head_of({line, "Host: a"}), {400});
    }
    check_refused("GET / HTTP/1.1\nHost: a\n\n", {400});
    check_refused("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"s, {400}); // TLS
    check_refused("Host: a\r\n\r\n", {400});
    check_refused("hello\r\n\r\n", {400});
}

BOOST_AUTO_TEST_CASE(another_version_is_505) {
    for (std::string_view const version : {"HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "HTTP/9.9"})
        check_refused(head_of({"GET / " + std::string(version), "Host: a"}), {505});
    check_refused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {505});
}

BOOST_AUTO_TEST_CASE(a_target_has_one_of_its_forms) {
    for (std::string_view const target : {"/", "//", "/a/../b", "/%", "/\xC3\xA9", "/a?b?c", "/a:b@c", "http://b",
                                          "http://b/", "HTTP://b:80/c?d", "http://[::1]/"}) {
        auto const bytes = head_of({"GET " + std::string(target) + " HTTP/1.1", "Host: a"});
        check_complete(bytes);
        head_parser p{message_limits()};
        BOOST_TEST((p.parse(bytes) == result::complete));
        BOOST_TEST(p.head().target == target);
    }
    for (std::string_view const target :
         {"a", "a/b", "a:80", "?a", "#", "/a#b", "/#", "http://b/#c", "https://b/", "ftp://b/", "http://", "http:///a",
          "http://u@b/", "http://b:x/", "*", "**", "*?a"})
        check_refused(head_of({"GET " + std::string(target) + " HTTP/1.1", "Host: a"}), {400}, framing_after::known);
    check_complete(head_of({"OPTIONS * HTTP/1.1", "Host: a"}));
    check_complete(head_of({"OPTIONS / HTTP/1.1", "Host: a"}));
    check_refused(head_of({"OPTIONS *?a HTTP/1.1", "Host: a"}), {400}, framing_after::known);
    check_refused(head_of({"OPTIONS a:80 HTTP/1.1", "Host: a"}), {400}, framing_after::known);
}

BOOST_AUTO_TEST_CASE(http_1_1_has_exactly_one_valid_host) {
    for (std::string_view const line : {"Host: a", "host:a", "HOST:  a:8080 ", "Host: [::1]:5000", "Host: 127.0.0.1"})
        check_complete(head_of({"GET / HTTP/1.1", line}));
    for (std::string_view const line :
         {"X: y", "Host:", "Host:  ", "Host: a b", "Host: a, b", "Host: a/b", "Host: u@a", "Host: http://a",
          "Host: a:x", "Host: a:65536", "Host: [::1", "Host: %", "Host: \xC3\xA9", "Hos: a", "Hosts: a"}) {
        check_refused(head_of({"GET / HTTP/1.1", line}), {400});
    }
    check_refused(head_of({"GET / HTTP/1.1"}), {400});
    check_refused(head_of({"GET / HTTP/1.1", "Host: a", "Host: a"}), {400});
    check_refused(head_of({"GET / HTTP/1.1", "Host: a", "X: y", "hOST: b"}), {400});
    check_refused(head_of({"GET / HTTP/1.1", "Host:", "Host: a"}), {400});
    check_refused(head_of({"GET http://a/ HTTP/1.1"}), {400}); // an absolute target does not stand in for it
    check_refused(head_of({"GET http://a/ HTTP/1.1", "Host: b c"}), {400});
}

BOOST_AUTO_TEST_CASE(http_1_0_may_have_a_host) {
    check_complete(head_of({"GET / HTTP/1.0"}));
    check_complete(head_of({"GET / HTTP/1.0", "Host: a"}));
    check_refused(head_of({"GET / HTTP/1.0", "Host: a", "Host: a"}), {400});
    check_refused(head_of({"GET / HTTP/1.0", "Host: a b"}), {400});
    check_refused(head_of({"GET / HTTP/1.0", "Host:"}), {400});
    auto const bytes = head_of({"GET / HTTP/1.0"});
    head_parser p{message_limits()};
    BOOST_TEST((p.parse(bytes) == result::complete));
    BOOST_TEST(p.head().minor_version == 0U);
}

BOOST_AUTO_TEST_CASE(a_folded_line_is_refused_wherever_the_fold_is) {
    for (std::string_view const line : {
             "X: a\r\n b",
             "X: a\r\n\tb",
             "X: a\r\n b\r\n c",
             "X: a\r\n ", // folded into nothing
             "X:\r\n b",  // folded out of nothing
             "X:\r\n ",
             "X: \t\r\n\t",
             "X:\r\n \r\n b",
             "Content-Length:\r\n 5",
             "Content-Length: 5\r\n ",
             "Content-Length: 5\r\n 5",
             "Transfer-Encoding:\r\n chunked",
             "Transfer-Encoding:\r\n\tchunked",
             "Transfer-Encoding: chunked\r\n ",
             "Connection:\r\n close",
             "Expect:\r\n 100-continue",
         }) {
        check_refused(get({std::string(line)}), {400});
        check_refused(get({std::string(line), "Y: z"}), {400});
    }
    check_refused(head_of({"GET / HTTP/1.1", "Host:\r\n a"}), {400});
    check_refused(head_of({"GET / HTTP/1.1", " Host: a"}), {400}); // RFC 9112 2.2: white space before the first field
    check_refused(head_of({"GET / HTTP/1.1", " X: y", "Host: a"}), {400});
    check_refused(head_of({"GET / HTTP/1.1", " ", "Host: a"}), {400});
    check_refused(get({"X: " + std::string(5000, 'a') + "\r\n b"}), {400, 431});
}

BOOST_AUTO_TEST_CASE(a_malformed_header_line_is_400) {
    for (auto const &line : {
             "X : y"s,
             "X\t: y"s,
             "Content-Length : 5"s,
             "Transfer-Encoding : chunked"s,
             ": y"s,
             ":"s,
             "X"s,
             "X y"s,
             "X y: z"s,
             "(X): y"s,
             "X\xC3\xA9: y"s,
             "X\0: y"s,
             "\"X\": y"s,
             "X@: y"s,
             "X: y\n"s,
             "X: y\nZ: z"s,
             "X\n: y"s,
             "X: y\rZ: z"s,
             "X: y\r"s,
             "\rX: y"s,
             "\nX: y"s,
             "X: y\n\nGET /evil HTTP/1.1"s,
             "X: y\r\rGET /evil HTTP/1.1"s,
         })
        check_refused(get({line}), {400});
    check_refused("GET / HTTP/1.1\r\nHost: a\r\n\nX: y\r\n\r\n", {400});
    check_refused("GET / HTTP/1.1\r\nHost: a\r\n\r\r\n", {400});
    check_refused("GET / HTTP/1.1\r\nHost: a\n\r\n", {400});
}

BOOST_AUTO_TEST_CASE(a_value_holds_no_control_characters_but_tabs) {
    for (int i = 0; i < 256; ++i) {
        auto const c = static_cast<char>(i);
        BOOST_TEST_CONTEXT("byte " << i) {
            auto const inside = get({"X: a"s + c + "b"});
            if ((i < 0x20 && c != '\t') || i == 0x7F) {
                check_refused(inside, {400});
                check_refused(get({"X: "s + c}), {400});
            } else {
                check_complete(inside);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_status_of_a_refusal_does_not_depend_on_how_much_has_come) {
    message_limits limits;
    limits.request_line = 100;
    limits.head = 200;
    limits.fields = 3;
    std::string const line(150, 'a');
    std::string const large(250, 'x');
    std::string const bad_lines[] = {"GET /" + line,
                                     "GET /\x01" + line,
                                     "GET /" + line + "\x01",
                                     "GET /" + line + " HTTP/2.0\r\n",
                                     "GET /" + line.substr(0, 86) + " HTTP/2.0\r\n",
                                     "GET /" + line.substr(0, 87) + " HTTP/2.0\r\n",
                                     line + " / HTTP/1.1\r\n",
                                     line + "\r\n",
                                     "GET / HTTP/2.0\r\n",
                                     "GET / HTTP/2.0\n",
                                     "GET / HTTP/2.00\r\n",
                                     "GET / HTTP/1.7x\r\n",
                                     "GET / HTTP/1.7\r\n",
                                     "GET / HTTP/1.1\r\n",
                                     "GET / H\r\n",
                                     "BREW / HTTP/1.1\r\n"};
    std::string const fields[] = {"",
                                  "Host: a\r\n",
                                  "X: " + large + "\r\n",
                                  "X: " + large + "\x01\r\n",
                                  "X: \x01" + large + "\r\n",
                                  "a:\r\nb:\r\nc:\r\nd:\r\n",
                                  "a:\r\nb:\r\nc:\r\nd:\x01\r\n",
                                  "a:\n",
                                  "a\r\n",
                                  "a:\r\n b\r\n",
                                  "Content-Length: x\r\n",
                                  "X: " + line + "\r\nContent-Length: x\r\n"};
    for (auto const &bad : bad_lines) {
        for (auto const &f : fields) {
            auto const bytes = bad + f + "\r\n";
            BOOST_TEST_CONTEXT(bytes) {
                head_parser p{limits};
                BOOST_TEST((p.parse(bytes) != result::need_more));
                auto const status = p.why().status;
                for (std::size_t n = 0; n < bytes.size(); ++n)
                    if (p.parse(std::string_view(bytes).substr(0, n)) != result::need_more)
                        BOOST_TEST(p.why().status == status, p.why().status << " after " << n << ", not " << status);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_line_that_does_not_end_with_cr_lf_is_refused_before_the_head_is_whole) {
    for (std::string_view const bytes :
         {"GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\r\n\n",
          "GET / HTTP/1.1\r\nHost: a\n\r", "GET / HTTP/1.1\rHost: a\r\r", "GET / HTTP/1.1\r\nHost: a\rX", "\n", "\n\n",
          "\r\n\nGET", "GET / HTTP/1.1\r\nHost: a\r\r\n"}) {
        BOOST_TEST_CONTEXT(bytes) {
            head_parser p{message_limits()};
            BOOST_TEST((p.parse(bytes) == result::refused));
            BOOST_TEST(p.why().status == 400U);
            // However it came, the last byte made it worth looking at.
            std::size_t first = 1;
            while (p.parse(bytes.substr(0, first)) == result::need_more) ++first;
            for (std::size_t seen = 1; seen < first; ++seen)
                BOOST_TEST(head_parser::is_worth_parsing(bytes.substr(0, first), seen, message_limits()), seen);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
