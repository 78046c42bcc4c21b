// Plain heads: which heads the scanner takes, and that it reads them as Beast's parser does.
#include "phial/server/head_scanner.hpp"

#include "phial/server/head_bytes.hpp"
#include "phial/server/head_parser.hpp"
#include "phial/text/concat.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace std::string_literals;

namespace {

// What the scanner says of bytes in memory of exactly their size, so that the address sanitizer sees a read after them.
struct scan {
    explicit scan(std::string_view text, message_limits const &limits = {})
        : bytes(std::make_unique<char[]>(text.size())),
          table(limits.fields) {
        text.copy(bytes.get(), text.size());
        is_plain = read_plain_head({bytes.get(), text.size()}, limits, table, facts);
    }

    std::unique_ptr<char[]> bytes;
    std::vector<field> table;
    head_facts facts;
    bool is_plain = false;
};

std::string description_of(head_parser const &p, head_parser::result r) {
    auto const &head = p.head();
    auto out = concat(static_cast<int>(r), " ", p.size(), " ", to_string(head.method), int{head.is_known}, " ",
                      head.target, " ", head.minor_version, " ", p.body().length, " ", int{p.body().chunked},
                      int{p.body().announced}, int{p.body().lacks_length}, int{p.keep_alive()},
                      int{p.expects_continue()}, int{p.framing_is_known()}, p.why().status, " ", p.why().reason);
    for (auto const &[name, value] : head.fields) out += concat("\n", name, ":", value);
    return out;
}

void check_same_as_beast(std::string_view bytes, message_limits const &limits = {}) {
    head_parser fast(limits);
    head_parser judge(limits);
    auto const a = fast.parse(bytes);
    auto const b = judge.parse_with_beast(bytes);
    BOOST_TEST(description_of(fast, a) == description_of(judge, b));
}

void check(std::string_view bytes, bool is_plain, message_limits const &limits = {}) {
    BOOST_TEST_CONTEXT(bytes.substr(0, 200)) {
        BOOST_TEST(scan(bytes, limits).is_plain == is_plain);
        check_same_as_beast(bytes, limits);
    }
}

// A GET of HTTP/1.1 with its Host and one line more.
std::string get(std::string_view line) { return concat("GET / HTTP/1.1\r\nHost: a\r\n", line, "\r\n\r\n"); }

std::string with_line(std::string_view request_line) { return concat(request_line, "\r\nHost: a\r\n\r\n"); }

bool is_control_byte(unsigned i) { return (i < 0x20 && i != '\t') || i == 0x7F; }

} // namespace

BOOST_AUTO_TEST_SUITE(plain_heads)

BOOST_AUTO_TEST_CASE(a_plain_head_says_what_was_sent) {
    auto const head =
        "POST /a?b HTTP/1.0\r\nhOST:a:80\r\nX-Empty:\r\nx-TWO: \t one  two\t \r\nCONTENT-length: 12\r\nConnection: Keep-Alive\r\n\r\n"s;
    scan const s(head + "body");
    BOOST_REQUIRE(s.is_plain);
    auto const &facts = s.facts;
    BOOST_TEST(facts.size == head.size());
    BOOST_TEST((facts.head.method == method::post));
    BOOST_TEST(facts.head.is_known);
    BOOST_TEST(facts.head.target == "/a?b");
    BOOST_TEST(facts.head.minor_version == 0U);
    BOOST_TEST(facts.hosts == 1U);
    BOOST_TEST(facts.host == "a:80");
    BOOST_TEST(facts.has_length);
    BOOST_TEST(facts.body.length == 12U);
    BOOST_TEST(facts.keep_alive_asked);
    BOOST_TEST(!facts.close);
    std::string fields;
    for (auto const &[name, value] : facts.head.fields) fields += concat(name, "=", value, ";");
    BOOST_TEST(fields == "hOST=a:80;X-Empty=;x-TWO=one  two;CONTENT-length=12;Connection=Keep-Alive;");
}

BOOST_AUTO_TEST_CASE(a_head_is_plain_only_with_its_last_byte) {
    for (auto const &head : {"GET / HTTP/1.1\r\n\r\n"s, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"s,
                             "OPTIONS /a HTTP/1.0\r\nHost: a\r\nX:\r\n\r\n"s,
                             get("User-Agent: " + std::string(100, 'x')), get("X-" + std::string(100, 'x') + ": y")}) {
        for (std::size_t n = 0; n < head.size(); ++n) check(head.substr(0, n), false);
        check(head, true);
        for (std::size_t n = 1; n < 40; ++n) check(head + std::string(n, '\0'), true);
        check(head + head, true);
        check("\r\n" + head, false);
    }
}

BOOST_AUTO_TEST_CASE(the_methods_are_those_that_are_served) {
    for (std::string_view const name : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
        check(with_line(concat(name, " / HTTP/1.1")), true);
    for (std::string_view const name : {"", "get", "Get", "GETS", "GE", "G", "BREW", "CONNECT", "OPTION", "OPTIONSS",
                                        "HEAD\t", "GET\r\n", "(", " GET"})
        check(with_line(concat(name, " / HTTP/1.1")), false);
}

BOOST_AUTO_TEST_CASE(the_versions_are_1_0_and_1_1) {
    check(with_line("GET / HTTP/1.1"), true);
    check(with_line("GET / HTTP/1.0"), true);
    for (std::string_view const rest :
         {"", " ", " HTTP/1.2", " HTTP/2.0", " HTTP/0.9", " http/1.1", " HTTP/1.1 ", "  HTTP/1.1", " HTTP/1.",
          " HTTP/1.11", " HTTP/1,1", "\tHTTP/1.1", " HTTP/1.1\r", " HTTP/1.1\n"})
        check(with_line(concat("GET /", rest)), false);
}

BOOST_AUTO_TEST_CASE(a_target_is_of_visible_ascii) {
    for (unsigned i = 0; i < 256; ++i) {
        for (std::size_t const size : {0, 1, 14, 15, 16, 17, 31, 32}) {
            for (std::size_t at = 0; at <= size; at += 1 + size / 4) {
                std::string target(size, 'a');
                target.insert(at, 1, static_cast<char>(i));
                check(with_line(concat("GET ", target, " HTTP/1.1")), i > 0x20 && i < 0x7F);
            }
        }
    }
    check(with_line("GET  HTTP/1.1"), false);
    for (std::string_view const target : {"*", "a", "http://b/c", "/#", "//", "?"})
        check(with_line(concat("GET ", target, " HTTP/1.1")), true);
}

BOOST_AUTO_TEST_CASE(a_target_is_plain_without_anything_to_decode_or_split) {
    for (std::string_view const target : {"/", "/a", "//", "/a/../b", "/a:b@c!$&'()*+,;=~\"<>\\^`{|}"})
        BOOST_TEST(scan(with_line(concat("GET ", target, " HTTP/1.1"))).facts.head.plain_target, target);
    for (std::string_view const target : {"*", "a", "a/b", "http://b/c", "?", "#", "%"})
        BOOST_TEST(!scan(with_line(concat("GET ", target, " HTTP/1.1"))).facts.head.plain_target, target);
    for (std::size_t size = 1; size < 40; ++size) {
        for (std::size_t at = 1; at <= size; ++at) {
            for (char const c : {'?', '#', '%'}) {
                auto target = "/" + std::string(size, 'a');
                target[at] = c;
                scan const s(with_line(concat("GET ", target, " HTTP/1.1")));
                BOOST_TEST(s.is_plain);
                BOOST_TEST(!s.facts.head.plain_target, target);
            }
        }
    }
    head_parser p{message_limits()};
    auto const unusual = with_line("GET / HTTP/1.1\r\nExpect: 100-continue");
    p.parse(with_line("GET /a HTTP/1.1"));
    BOOST_TEST(p.head().plain_target);
    p.parse(unusual);
    BOOST_TEST(!p.head().plain_target);
}

BOOST_AUTO_TEST_CASE(a_name_is_a_token_of_any_size) {
    for (std::size_t size = 1; size < 40; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (auto const c : "\0\t\r\n (),/;<=>?@[\\]{}\"\x7F\x80\xFF"s) {
                std::string name(size, 'X');
                name[at] = c;
                BOOST_TEST(!scan(get(name + ": y")).is_plain, name);
            }
            for (auto const c : "!#$%&'*+-.^_`|~09azAZ"s) {
                std::string name(size, 'X');
                name[at] = c;
                BOOST_TEST(scan(get(name + ": y")).is_plain, name);
            }
        }
        check(get(std::string(size, 'X') + ": y"), true);
        check(get(std::string(size, 'X') + " : y"), false);
    }
    for (std::string_view const line : {":", ": y", "X", "X y", " X: y", "\tX: y", "X\r: y", "X\n: y"})
        check(get(line), false);
}

BOOST_AUTO_TEST_CASE(a_value_has_no_control_characters_but_tabs_wherever_they_are) {
    for (std::size_t size = 0; size <= 40; ++size) {
        check(get("X:" + std::string(size, 'y')), true);
        check(get("X:" + std::string(size, ' ')), true);
        check(get("X:\t" + std::string(size, 'y') + " \t"), true);
        for (std::size_t at = 0; at < size; ++at) {
            for (unsigned i = 0; i < 256; ++i) {
                std::string value(size, 'y');
                value[at] = static_cast<char>(i);
                scan const s(get("X:" + value));
                BOOST_TEST(s.is_plain != is_control_byte(i), "byte " << i << " at " << at << " of " << size);
                if (!s.is_plain) continue;
                BOOST_TEST((s.facts.head.fields.begin() + 1)->value == trim(value));
            }
        }
    }
    for (unsigned i = 0; i < 256; ++i) check(get("X: y"s + static_cast<char>(i) + "z"), !is_control_byte(i));
}

BOOST_AUTO_TEST_CASE(a_line_ends_with_cr_lf_and_is_not_folded) {
    for (std::string_view const line : {"X: y\n", "X: y\r", "X: y\rZ: z", "X: y\nZ: z", "X: y\r\n z", "X:\r\n z",
                                        "X: y\r\n\tz", "X: y\r\r\n", "\r", "\n", "X: y\r\n "})
        check(get(line), false);
    check("GET / HTTP/1.1\nHost: a\n\n", false);
    check("GET / HTTP/1.1\r\nHost: a\r\n\n", false);
    check("GET / HTTP/1.1\r\nHost: a\n\r\n", false);
    check("GET / HTTP/1.1\r\nHost: a\r\n\rX", false);
    check("GET / HTTP/1.1\r\n\rXXXX", false);
}

// The end of the head is read in separate steps.
BOOST_AUTO_TEST_CASE(the_end_of_the_bytes_is_not_passed) {
    for (std::size_t size = 0; size < 40; ++size) {
        for (std::string_view const end :
             {"\r", "\r\n", "\r\nX", "\r\nX:", "\r\nX: ", "\r\n:", "\r\nX:\r", "\r\nX:\r\n", "\r\nX: \r\n",
              "\r\nX:\r\n\r", "\r\n\r", "\r\nXX\r\n", "\r\nXXX", "\r\nXXXX", "\r\nX:  ", "\r\n\r\r", ":", " ", "\t"})
            check(concat("GET / HTTP/1.1\r\nHost: a\r\nX: ", std::string(size, 'y'), end), false);
        // A name that comes last, in all distances from the end.
        for (std::string_view const end :
             {"", ":", ": ", ":\t", ": y", ":\r", ":\r\n", ": \r", ": \r\n", ":\r\n\r", ":yyyy"})
            check(concat("GET / HTTP/1.1\r\nHost: a\r\n", std::string(size, 'X'), end), false);
        for (std::string_view const end : {"", " ", " H", " HTTP/1.", " HTTP/1.1", " HTTP/1.1\r", " HTTP/1.1\r\n",
                                           " HTTP/1.1\r\n\r", " HTTP/1.1\r\nX"})
            check(concat("GET /", std::string(size, 'a'), end), false);
    }
}

BOOST_AUTO_TEST_CASE(a_length_is_one_number) {
    for (std::string_view const value :
         {"0", "5", "007", "18446744073709551615", "000000000000000000000000000000000000005", " \t5\t "})
        check(get(concat("Content-Length:", value)), true);
    for (std::string_view const value : {"", " ", "+5", "-1", "5a", "0x5", "5 5", "5,5", "5, 5", "5,", ",5",
                                         "18446744073709551616", "99999999999999999999999", "\xD9\xA5"})
        check(get(concat("Content-Length: ", value)), false);
    check(get("Content-Length: 5\r\nContent-Length: 5"), false);
    check(get("Content-Length: 5\r\ncontent-length: 6"), false);
    scan const s("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n");
    BOOST_TEST(s.facts.body.length == UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(only_a_single_connection_option_is_plain) {
    for (std::string_view const value : {"close", "keep-alive", "CLOSE", "Keep-Alive", "closed", "clos", "x", "upgrade",
                                         "keep-aliv\xEF", "keep_alive"})
        check(get(concat("Connection: ", value)), value.find('\xEF') == value.npos);
    for (std::string_view const value :
         {"", " ", "close, x", "keep-alive, close", "a b", "@", ",close", "close,", "a\tb"})
        check(get(concat("Connection: ", value)), false);
    check(get("Connection: keep-alive\r\nConnection: close"), true);
    check(get("Connection: x\r\nCONNECTION: keep-alive"), true);
    // Beast rejects one that is not a list of tokens.
    for (std::string_view const value : {"keep-alive", "a b", ""})
        check(get(concat("Proxy-Connection: ", value)), false);
}

BOOST_AUTO_TEST_CASE(expectations_and_transfer_codings_are_not_plain) {
    for (std::string_view const line : {"Expect: 100-continue", "EXPECT:", "expect: x", "Transfer-Encoding: chunked",
                                        "transfer-encoding:", "TRANSFER-ENCODING: gzip"})
        check(get(line), false);
    for (std::string_view const line :
         {"Expects: x", "Expec: x", "Except: x", "Transfer_Encoding: x", "Transfer-Encodin: x", "Transfer-Encodinh: x",
          "Content_Length: x", "Content-Lengths: x", "Connectiom: a b", "Hosu: a b", "Proxy_Connection: a b"})
        check(get(line), true);
}

BOOST_AUTO_TEST_CASE(hosts_are_counted_and_judged_later) {
    for (std::string_view const lines : {"", "Host: a\r\n", "Host: \r\n", "Host: a b\r\n", "Host: a\r\nHost: a\r\n",
                                         "HOST: [::1]:80\r\n", "host: a:99999\r\n"}) {
        for (std::string_view const version : {"1.0", "1.1"})
            check(concat("GET / HTTP/", version, "\r\n", lines, "\r\n"), true);
    }
}

BOOST_AUTO_TEST_CASE(a_host_that_was_valid_before_says_nothing_of_another) {
    std::string const hosts[] = {"a",
                                 "b",
                                 "a",
                                 "",
                                 "a b",
                                 "a",
                                 "localhost",
                                 "localhos",
                                 "localhost:80",
                                 "a:x",
                                 std::string(64, 'a'),
                                 std::string(65, 'a'),
                                 std::string(200, 'a'),
                                 std::string(64, 'a') + "/",
                                 "a/",
                                 "A",
                                 "a"};
    head_parser p{message_limits()};
    for (auto const &host : hosts) {
        auto const bytes = concat("GET / HTTP/1.1\r\nHost: ", host, "\r\n\r\n");
        bool const is_valid = !host.empty() && host.find_first_of(" /x") == host.npos;
        BOOST_TEST((p.parse(bytes) == (is_valid ? head_result::complete : head_result::refused)), host);
        BOOST_TEST((p.parse(bytes) == (is_valid ? head_result::complete : head_result::refused)), host);
    }
}

BOOST_AUTO_TEST_CASE(a_head_above_a_limit_is_not_plain) {
    auto const head = "GET /aaaa HTTP/1.1\r\nHost: a\r\nX: yyyyyyyyyyyyyyyy\r\n\r\n"s;
    auto const line = head.find('\n') + 1;
    for (int more = -2; more <= 2; ++more) {
        message_limits limits;
        limits.head = head.size() + static_cast<std::size_t>(more);
        check(head, more >= 0, limits);
        check(head + head, more >= 0, limits);
        limits = {};
        limits.request_line = line + static_cast<std::size_t>(more);
        check(head, more >= 0, limits);
        limits = {};
        limits.fields = 2 + static_cast<std::size_t>(more);
        check(head, more >= 0, limits);
    }
    for (std::size_t size = 0; size < 20; ++size) {
        message_limits limits;
        limits.head = limits.request_line = size;
        check(head, false, limits);
    }
}

BOOST_AUTO_TEST_CASE(blocks_and_the_table_agree_on_every_byte) {
    using namespace head_bytes;
    for (unsigned i = 0; i < 256; ++i) {
        auto const c = static_cast<char>(i);
        std::string const bytes(16 + slack, c);
        auto const passed = [&](char const *end) { return end == bytes.data() + 16; };
        BOOST_TEST(passed(find_end<in_name, ':'>(bytes.data(), bytes.data() + 16)) == (i < 0x80 && is_token_char(c)),
                   i);
        BOOST_TEST(passed(find_end<in_value, '\r'>(bytes.data(), bytes.data() + 16)) == !is_control(c), i);
        BOOST_TEST(passed(find_end<in_target, ' '>(bytes.data(), bytes.data() + 16)) == (i > 0x20 && i < 0x7F), i);
        BOOST_TEST(passed(find_end<in_plain_path, ' '>(bytes.data(), bytes.data() + 16)) ==
                       (i > 0x20 && i < 0x7F && c != '%' && c != '?' && c != '#'),
                   i);
    }
}

BOOST_AUTO_TEST_SUITE_END()
