// What a head says of its body and of the connection, and what is refused because that is unclear.
#include "unit/server/heads.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::string_literals;
using result = head_parser::result;

BOOST_AUTO_TEST_SUITE(request_framing)

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

BOOST_AUTO_TEST_SUITE_END()
