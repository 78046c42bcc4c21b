// Request heads: what they say, how long they are, what is refused and whether the body behind it can still be told.
#include "phial/server/head_parser.hpp"

#include "phial/text/concat.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace std::string_literals;
using result = head_parser::result;

BOOST_AUTO_TEST_SUITE(request_heads)

// Each of `lines`, and the empty line, with its CR LF.
std::string head_of(std::initializer_list<std::string_view> lines) {
    std::string out;
    for (auto const line : lines) out.append(line).append("\r\n");
    return out + "\r\n";
}

// A GET of HTTP/1.1 with its Host and the given lines.
std::string get(std::vector<std::string> const &lines) {
    auto out = "GET / HTTP/1.1\r\nHost: a\r\n"s;
    for (auto const &line : lines) out.append(line).append("\r\n");
    return out + "\r\n";
}

enum class framing_after { unknown, known };

void check_refused(std::string const &bytes, std::initializer_list<unsigned> statuses,
                   framing_after after = framing_after::unknown) {
    BOOST_TEST_CONTEXT(bytes.substr(0, 200)) {
        head_parser p{message_limits()};
        BOOST_TEST((p.parse(bytes) == result::refused));
        auto const is_status = [&](unsigned status) { return p.why().status == status; };
        BOOST_TEST(std::any_of(statuses.begin(), statuses.end(), is_status), "the status is " << p.why().status);
        BOOST_TEST(!p.why().reason.empty());
        BOOST_TEST(p.framing_is_known() == (after == framing_after::known));
        if (after == framing_after::known) BOOST_TEST(p.size() == bytes.size());
        // However little of it has come, it is not taken for a whole one.
        for (std::size_t n = bytes.size() > 1000 ? bytes.size() : 0; n < bytes.size(); ++n)
            BOOST_TEST((p.parse(std::string_view(bytes).substr(0, n)) != result::complete));
    }
}

void check_complete(std::string const &bytes) {
    BOOST_TEST_CONTEXT(bytes.substr(0, 200)) {
        head_parser p{message_limits()};
        BOOST_TEST((p.parse(bytes) == result::complete));
        BOOST_TEST(p.why().status == 0U);
        BOOST_TEST(p.size() == bytes.size());
    }
}

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

BOOST_AUTO_TEST_CASE(connections_are_kept_by_the_rules_of_the_version) {
    struct {
        std::string version;
        std::vector<std::string> connection;
        bool keep;
    } const cases[] = {
        {"1.1", {}, true},
        {"1.1", {""}, true},
        {"1.1", {"keep-alive"}, true},
        {"1.1", {"upgrade, x"}, true},
        {"1.1", {"closed"}, true},
        {"1.1", {"close-not"}, true},
        {"1.1", {"close"}, false},
        {"1.1", {"CLOSE"}, false},
        {"1.1", {"x, close"}, false},
        {"1.1", {"close,x"}, false},
        {"1.1", {",, close ,,"}, false},
        {"1.1", {"keep-alive, close"}, false},
        {"1.1", {"close, keep-alive"}, false},
        {"1.1", {"close", "keep-alive"}, false},
        {"1.1", {"keep-alive", "close"}, false},
        {"1.1", {"x", "y", "close"}, false},
        {"1.0", {}, false},
        {"1.0", {""}, false},
        {"1.0", {"x"}, false},
        {"1.0", {"keep-alives"}, false},
        {"1.0", {"keep-alive"}, true},
        {"1.0", {"Keep-Alive"}, true},
        {"1.0", {"x, keep-alive"}, true},
        {"1.0", {"x", "keep-alive", "y"}, true},
        {"1.0", {"keep-alive, close"}, false},
        {"1.0", {"keep-alive", "close"}, false},
        {"1.0", {"close", "keep-alive"}, false},
    };
    for (auto const &c : cases) {
        auto bytes = "GET / HTTP/" + c.version + "\r\nHost: a\r\n";
        for (auto const &value : c.connection) bytes += "Connection: " + value + "\r\n";
        bytes += "\r\n";
        BOOST_TEST_CONTEXT(bytes) {
            head_parser p{message_limits()};
            BOOST_TEST((p.parse(bytes) == result::complete));
            BOOST_TEST(p.keep_alive() == c.keep);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_length_is_plain_digits) {
    struct {
        std::string value;
        std::uint64_t length;
    } const cases[] = {
        {"0", 0}, {"5", 5}, {" \t5\t ", 5}, {"007", 7}, {"18446744073709551615", 18446744073709551615U},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.value) {
            auto const bytes = get({"Content-Length:" + c.value});
            head_parser p{message_limits()};
            BOOST_TEST((p.parse(bytes) == result::complete));
            BOOST_TEST(!p.body().chunked);
            BOOST_TEST(p.body().length == c.length);
        }
    }
    for (auto const &value : {""s,
                              " "s,
                              "+5"s,
                              "-1"s,
                              "-0"s,
                              "0x5"s,
                              "5a"s,
                              "a"s,
                              "5 5"s,
                              "5."s,
                              "5.0"s,
                              "1e1"s,
                              "\"5\""s,
                              "5;"s,
                              "5,6"s,
                              "5, 5, 6"s,
                              "5,,5"s,
                              "5,"s,
                              ",5"s,
                              "\xD9\xA5"s,
                              "18446744073709551616"s,
                              "99999999999999999999"s,
                              "100000000000000000000000000000000000000000"s})
        check_refused(get({"Content-Length: " + value}), {400});
}

BOOST_AUTO_TEST_CASE(lengths_in_several_lines_are_the_same_or_refused) {
    for (auto const &bytes : {get({"Content-Length: 5", "X: y", "content-length: 5"}), get({"Content-Length: 5, 5"}),
                              get({"Content-Length: 5,5 , 5"})}) {
        head_parser p{message_limits()};
        BOOST_TEST((p.parse(bytes) == result::complete));
        BOOST_TEST(p.body().length == 5U);
    }
    check_refused(get({"Content-Length: 5", "Content-Length: 6"}), {400});
    check_refused(get({"Content-Length: 0", "Content-Length: 5"}), {400});
    check_refused(get({"Content-Length: 5", "Content-Length: 0"}), {400});
    check_refused(get({"Content-Length: 5", "Content-Length:"}), {400});
    check_refused(get({"Content-Length: 5", "Content-Length: +5"}), {400});
}

BOOST_AUTO_TEST_CASE(without_a_length_there_is_no_body) {
    auto const bytes = head_of({"POST / HTTP/1.1", "Host: a"});
    head_parser p{message_limits()};
    BOOST_TEST((p.parse(bytes) == result::complete));
    BOOST_TEST(p.framing_is_known());
    BOOST_TEST(!p.body().chunked);
    BOOST_TEST(p.body().length == 0U);
}

BOOST_AUTO_TEST_CASE(the_only_transfer_coding_is_chunked_once) {
    for (std::string_view const value : {"chunked", "Chunked", "CHUNKED ", "\tchunked"}) {
        auto const bytes = get({"Transfer-Encoding: " + std::string(value)});
        BOOST_TEST_CONTEXT(bytes) {
            head_parser p{message_limits()};
            BOOST_TEST((p.parse(bytes) == result::complete));
            BOOST_TEST(p.body().chunked);
            BOOST_TEST(p.framing_is_known());
        }
    }
    for (std::string_view const value : {"",
                                         " ",
                                         "gzip",
                                         "identity",
                                         "deflate",
                                         "chunked, chunked",
                                         "chunked,chunked",
                                         "chunked, gzip",
                                         "chunked, identity",
                                         "\"chunked\"",
                                         "'chunked'",
                                         "chunked;",
                                         "chunked;a=b",
                                         "chunked,",
                                         ",chunked",
                                         "xchunked",
                                         "chunkedx",
                                         "chunke",
                                         "chunked chunked",
                                         "chunk\tchunked",
                                         "@"})
        check_refused(get({"Transfer-Encoding: " + std::string(value)}), {400});
    check_refused(get({"Transfer-Encoding:\vchunked"}), {400});
    check_refused(get({"Transfer-Encoding: chunked", "Transfer-Encoding: chunked"}), {400});
    // What stands before the last is not known here.
    for (auto const &known : {get({"Transfer-Encoding: gzip, chunked"}), get({"Transfer-Encoding: a;b=c, Chunked"}),
                              get({"Transfer-Encoding: gzip", "Transfer-Encoding: chunked"})})
        check_refused(known, {501});
    check_refused(get({"Transfer-Encoding: chunked", "Transfer-Encoding: gzip"}), {400});
    check_refused(get({"Transfer-Encoding:", "Transfer-Encoding: chunked"}), {400});
    check_refused(get({"Transfer-Encoding: chunked", "Transfer-Encoding:"}), {400});
}

BOOST_AUTO_TEST_CASE(a_transfer_coding_beside_a_length_is_refused) {
    for (std::string_view const coding : {"chunked", "gzip", "identity", "", "gzip, chunked"}) {
        auto const line = "Transfer-Encoding: " + std::string(coding);
        for (std::string_view const length : {"0", "5"}) {
            auto const length_line = "Content-Length: " + std::string(length);
            check_refused(get({line, length_line}), {400});
            check_refused(get({length_line, line}), {400});
            check_refused(get({length_line, "X: y", line, length_line}), {400});
        }
    }
}

BOOST_AUTO_TEST_CASE(http_1_0_has_no_transfer_coding) {
    check_refused(head_of({"POST / HTTP/1.0", "Transfer-Encoding: chunked"}), {400});
    check_refused(head_of({"POST / HTTP/1.0", "Host: a", "Connection: keep-alive", "Transfer-Encoding: chunked"}),
                  {400});
    check_refused(head_of({"POST / HTTP/1.0", "Transfer-Encoding: identity"}), {400});
    check_complete(head_of({"POST / HTTP/1.0", "Content-Length: 5"}));
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

BOOST_AUTO_TEST_CASE(the_only_expectation_is_100_continue) {
    for (std::string_view const value : {"100-continue", "100-Continue", " 100-CONTINUE "}) {
        for (std::string_view const version : {"1.1", "1.0"}) {
            auto const bytes = head_of({"POST / HTTP/" + std::string(version), "Host: a", "Content-Length: 5",
                                        "Expect: " + std::string(value)});
            BOOST_TEST_CONTEXT(bytes) {
                head_parser p{message_limits()};
                BOOST_TEST((p.parse(bytes) == result::complete));
                // RFC 9110 10.1.1: one in HTTP/1.0 is ignored.
                BOOST_TEST(p.expects_continue() == (version == "1.1"));
            }
        }
    }
    for (std::string_view const value :
         {"200-ok", "100-continue-x", "100 continue", "100-continue, x", "x=y", "\"100-continue\""})
        check_refused(get({"Expect: " + std::string(value)}), {417}, framing_after::known);
    check_refused(get({"Expect: 100-continue", "Expect: x"}), {417}, framing_after::known);
    check_refused(get({"Expect: x", "Expect: 100-continue"}), {417}, framing_after::known);
}

// A whole head whose request line (with its CR LF) has `line` bytes, and all of it `head`.
std::string head_of_size(std::size_t line, std::size_t head) {
    auto bytes = "GET /"s;
    bytes.append(line - bytes.size() - " HTTP/1.1\r\n"s.size(), 'a').append(" HTTP/1.1\r\nHost: a\r\nX: ");
    return bytes.append(head - bytes.size() - 4, 'x') + "\r\n\r\n";
}

BOOST_AUTO_TEST_CASE(a_request_line_above_16_kib_is_414_as_soon_as_that_is_seen) {
    constexpr std::size_t limit = 16 * 1024;
    check_complete(head_of_size(limit, limit + 100));
    check_refused(head_of_size(limit + 1, limit + 100), {414});
    check_refused(head_of_size(limit + 1, 40 * 1024), {414});
    check_refused(head_of_size(60 * 1024, 62 * 1024), {414});

    head_parser p{message_limits()};
    auto const line = "GET /" + std::string(60 * 1024, 'a');
    BOOST_TEST((p.parse(line.substr(0, limit)) == result::need_more));
    check_refused(line.substr(0, limit + 1), {414});
    check_refused(line.substr(0, 50 * 1024), {414}); // all of it at once
    check_refused("\r\n" + line.substr(0, limit + 1), {414});
    BOOST_TEST((p.parse("\r\n" + line.substr(0, limit)) == result::need_more));
}

BOOST_AUTO_TEST_CASE(a_method_without_an_end_is_501_and_not_414) {
    constexpr std::size_t limit = 16 * 1024;
    head_parser p{message_limits()};
    BOOST_TEST((p.parse(std::string(limit, 'A')) == result::need_more));
    check_refused(std::string(limit + 1, 'A'), {501});
    check_refused(head_of({std::string(20'000, 'A') + " / HTTP/1.1", "Host: a"}), {501});
    check_refused(std::string(65, 'A') + " /" + std::string(limit, 'a'), {501});
    check_refused(std::string(64, 'A') + " /" + std::string(limit, 'a'), {414});
    check_refused("(" + std::string(limit + 1, 'A'), {400}); // is none
    // One that has an end is unknown, and its framing is not.
    check_refused(head_of({std::string(8000, 'A') + " / HTTP/1.1", "Host: a"}), {501}, framing_after::known);
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

// Beast waits for eight octets of a version, also behind the end of the line or of the whole head.
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

// With several faults it is the first one, as far as it has come, whatever comes behind it.
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

BOOST_AUTO_TEST_CASE(a_head_above_32_kib_is_431_as_soon_as_that_is_seen) {
    constexpr std::size_t limit = 32 * 1024;
    check_complete(head_of_size(100, limit));
    check_complete(head_of_size(16 * 1024, limit));
    check_complete("\r\n" + head_of_size(100, limit)); // the empty line is no part of it
    check_refused(head_of_size(100, limit + 1), {431});
    check_refused(head_of_size(100, 62 * 1024), {431});

    head_parser p{message_limits()};
    auto const head = head_of_size(100, 62 * 1024);
    BOOST_TEST((p.parse(head.substr(0, limit)) == result::need_more));
    check_refused(head.substr(0, limit + 1), {431});
    check_refused(head.substr(0, 50 * 1024), {431});
}

BOOST_AUTO_TEST_CASE(limits_are_those_the_parser_was_given) {
    message_limits limits;
    limits.request_line = 50;
    limits.head = 100;
    head_parser p{limits};
    BOOST_TEST((p.parse(head_of_size(50, 100)) == result::complete));
    BOOST_TEST((p.parse(head_of_size(51, 100)) == result::refused));
    BOOST_TEST(p.why().status == 414U);
    BOOST_TEST((p.parse(head_of_size(50, 101)) == result::refused));
    BOOST_TEST(p.why().status == 431U);
}

BOOST_AUTO_TEST_CASE(more_than_100_fields_are_431) {
    std::vector<std::string> lines(99, "X: y"); // Host is the hundredth
    auto const most = get(lines);
    head_parser p{message_limits()};
    BOOST_TEST((p.parse(most) == result::complete));
    BOOST_TEST(p.head().fields.size() == 100U);
    lines.emplace_back("X: y");
    check_refused(get(lines), {431});
    BOOST_TEST((p.parse(get(lines)) == result::refused));
    BOOST_TEST(p.why().reason.find("fields than are accepted") !=
               std::string_view::npos); // what is wrong, not just its status
    check_refused(get(std::vector<std::string>(1000, "X: y")), {431});
}

BOOST_AUTO_TEST_CASE(empty_lines_are_bounded_whatever_follows_them) {
    std::string lines;
    for (int i = 0; i < 1024; ++i) lines += "\r\n";
    check_complete(lines + get({}));
    check_refused(lines + "\r\n" + get({}), {400});
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

BOOST_AUTO_TEST_SUITE_END()
