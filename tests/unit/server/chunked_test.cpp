// The chunked coding: what is content, where it ends, what is refused.
#include "phial/server/chunked.hpp"

#include "phial/http/http_error.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <string_view>

using namespace phial;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(chunked)

struct decoded {
    std::string content;
    std::string rest; // what was not taken
    bool done;
};

// Fed with pieces of `size` bytes.
decoded decode(std::string_view bytes, std::size_t size) {
    chunk_decoder decoder;
    decoded out;
    while (!bytes.empty() && !decoder.done()) {
        auto piece = bytes.substr(0, size);
        bytes.remove_prefix(piece.size());
        while (true) {
            auto const content = decoder.next(piece);
            if (content.empty()) break;
            out.content += content;
        }
        out.rest = piece;
    }
    out.rest += bytes;
    out.done = decoder.done();
    return out;
}

// However it is cut, it is refused.
void check_refused(std::string const &bytes, unsigned status = 400) {
    auto const is_it = [status](http_error const &e) { return e.status() == status; };
    BOOST_TEST_CONTEXT(bytes.substr(0, 100)) {
        BOOST_CHECK_EXCEPTION(decode(bytes, bytes.size()), http_error, is_it);
        BOOST_CHECK_EXCEPTION(decode(bytes, 1), http_error, is_it);
    }
}

BOOST_AUTO_TEST_CASE(content_is_the_same_however_the_bytes_are_cut) {
    struct {
        std::string_view bytes, content;
    } const cases[] = {
        {"0\r\n\r\n", ""},
        {"000\r\n\r\n", ""},
        {"5\r\nhello\r\n0\r\n\r\n", "hello"},
        {"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc"},
        {"a\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
        {"A\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
        {"0000000000000003\r\nabc\r\n0\r\n\r\n", "abc"}, // 16 digits
        {"10\r\n0123456789abcdef\r\n0\r\n\r\n", "0123456789abcdef"},
        {"7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", "\r\n0\r\n\r\n"}, // content that looks like an end
        // extensions
        {"3;a\r\nabc\r\n0;b\r\n\r\n", "abc"},
        {"3;a=b;c=d\r\nabc\r\n0\r\n\r\n", "abc"},
        {"3 ; a = b\r\nabc\r\n0\r\n\r\n", "abc"},
        {"3\t;a\r\nabc\r\n0\r\n\r\n", "abc"},
        {"3;a=\"b;c \\\" \\\\\"\r\nabc\r\n0\r\n\r\n", "abc"},
        {"3;a=\"\xC3\xA9\t\"\r\nabc\r\n0\r\n\r\n", "abc"},
        // trailers
        {"3\r\nabc\r\n0\r\nA: b\r\n\r\n", "abc"},
        {"3\r\nabc\r\n0\r\nA:\r\nB-c:\td:\xFF \r\n\r\n", "abc"},
        {"0;x\r\nContent-Length: 5\r\n\r\n", ""},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.bytes) {
            for (std::size_t size = 1; size <= c.bytes.size(); ++size) {
                auto const whole = decode(c.bytes, size);
                BOOST_TEST(whole.content == c.content);
                BOOST_TEST(whole.done);
                BOOST_TEST(whole.rest == "");
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(it_is_done_at_its_last_byte_and_not_before) {
    std::string_view const bytes = "3;a=\"b\"\r\nabc\r\n0\r\nA: b\r\n\r\n";
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        BOOST_TEST_CONTEXT(n << " bytes") {
            BOOST_TEST(!decode(bytes.substr(0, n), 1).done);
            BOOST_TEST(!decode(bytes.substr(0, n), 100).done);
        }
    }
    BOOST_TEST(decode(bytes, 1).done);
}

BOOST_AUTO_TEST_CASE(nothing_after_the_end_is_taken) {
    for (std::string_view const next : {"GET / HTTP/1.1\r\n", "\r\n", "0\r\n\r\n", "5\r\nhello\r\n"}) {
        auto const bytes = std::string("3\r\nabc\r\n0\r\n\r\n").append(next);
        for (std::size_t size = 1; size <= bytes.size(); ++size) {
            auto const d = decode(bytes, size);
            BOOST_TEST(d.done);
            BOOST_TEST(d.content == "abc");
            BOOST_TEST(d.rest == next);
        }
    }
    chunk_decoder decoder;
    std::string_view end = "0\r\n\r\n";
    BOOST_TEST(decoder.next(end) == "");
    std::string_view more = "5\r\nhello\r\n";
    BOOST_TEST(decoder.next(more) == "");
    BOOST_TEST(more == "5\r\nhello\r\n");
}

BOOST_AUTO_TEST_CASE(a_chunk_may_be_as_large_as_64_bits_say) {
    chunk_decoder decoder;
    std::string_view bytes = "FFFFFFFFFFFFFFFF\r\nabc";
    BOOST_TEST(decoder.next(bytes) == "abc");
    BOOST_TEST(!decoder.done());
    bytes = "\r\n0\r\n\r\n"; // still content
    BOOST_TEST(decoder.next(bytes) == "\r\n0\r\n\r\n");
    BOOST_TEST(!decoder.done());
}

BOOST_AUTO_TEST_CASE(anything_but_the_grammar_is_refused) {
    for (auto const &bytes : {
             // sizes
             "\r\n"s,
             "g\r\n"s,
             "-1\r\n"s,
             "+1\r\n"s,
             "0x1\r\n"s,
             " 1\r\n"s,
             "\t1\r\n"s,
             "1 \r\na\r\n"s,
             "1 1\r\n"s,
             "1_0\r\n"s,
             "1,1\r\n"s,
             "1.0\r\n"s,
             ";a\r\n"s,
             "\0"s,
             "1\0\r\n"s,
             "10000000000000000\r\n"s, // 2 to the 64th
             "00000000000000001\r\n"s, // 17 digits
             "fffffffffffffffff\r\n"s,
             "100000000000000003\r\nabc"s,
             // ends of lines
             "1\n"s,
             "1\ra"s,
             "1\r\r\n"s,
             "1;a\n"s,
             "1;a\ra"s,
             "1;a\r\r\n"s,
             "0\n"s,
             "0\r\n\n"s,
             "0\r\n\ra"s,
             // ends of chunks
             "1\r\nab"s,
             "1\r\na0\r\n\r\n"s,
             "1\r\na\n"s,
             "1\r\na\r0"s,
             "1\r\na\n\r"s,
             "1\r\na\r\n\r\n"s,
             "1\r\na\r\n\r\n0\r\n\r\n"s,
             "0\r\n0\r\n\r\n"s,
             // extensions
             "1 a\r\n"s,
             "1 \n"s,
             "1;a\0\r\n"s,
             "1;a\x7F\r\n"s,
             "1;a=\"\r\n"s, // a quoted string does not go on in the next line
             "1;a=\"\\\r\n\"\r\n"s,
             "1;a=\"\n\"\r\n"s,
             "1;a=\"\\\n\"\r\n"s,
             "1;a=\"\\\"\r\n"s,
             // trailers
             "0\r\nA\r\n\r\n"s,
             "0\r\n: b\r\n\r\n"s,
             "0\r\nA : b\r\n\r\n"s,
             "0\r\n A: b\r\n\r\n"s,
             "0\r\nA: b\r\n c\r\n\r\n"s,
             "0\r\nA: b\n\r\n"s,
             "0\r\nA: b\rC: d\r\n\r\n"s,
             "0\r\nA: \0\r\n\r\n"s,
             "0\r\nA: \x1B\r\n\r\n"s,
             "0\r\n(A): b\r\n\r\n"s,
             "0\r\n\xC3\xA9: b\r\n\r\n"s,
             "0\r\nA: b\r\nGET / HTTP/1.1\r\n\r\n"s,
         }) {
        BOOST_TEST_CONTEXT(bytes) { check_refused(bytes); }
    }
}

BOOST_AUTO_TEST_CASE(a_size_line_is_bounded) {
    auto const line = [](std::size_t size) { return "1;" + std::string(size - 2, 'x') + "\r"; }; // without CR LF
    BOOST_TEST(decode(line(message_limits().chunk_line) + "\na\r\n0\r\n\r\n", 1000).content == "a");
    check_refused(line(message_limits().chunk_line + 1));
    check_refused("1" + std::string(message_limits().chunk_line, ' '));
    check_refused("1;a=\"" + std::string(message_limits().chunk_line, 'x'));
}

BOOST_AUTO_TEST_CASE(extensions_are_bounded_over_all_chunks) {
    // Each takes 1000 bytes of extensions (the CR behind them counts or not).
    std::string const chunk = "1;" + std::string(999, 'x') + "\r\na\r\n";
    std::string few, many;
    for (std::size_t n = 0; n < message_limits().chunk_extensions / 1002; ++n) few += chunk;
    for (std::size_t n = 0; n < message_limits().chunk_extensions / 999 + 1; ++n) many += chunk;
    BOOST_TEST(decode(few + "0\r\n\r\n", 777).done);
    check_refused(many);
}

BOOST_AUTO_TEST_CASE(chunks_without_extensions_have_no_bound) {
    std::string bytes;
    for (std::size_t n = 0; n < message_limits().chunk_extensions; ++n) bytes += "0001\r\na\r\n";
    auto const d = decode(bytes + "0\r\n\r\n", 4096);
    BOOST_TEST(d.content.size() == message_limits().chunk_extensions);
    BOOST_TEST(d.done);
}

BOOST_AUTO_TEST_CASE(trailers_are_bounded) {
    auto const below = "0\r\nA: " + std::string(message_limits().trailers - 100, 'x') + "\r\n\r\n";
    BOOST_TEST(decode(below, 1000).done);
    check_refused("0\r\nA: " + std::string(message_limits().trailers, 'x'), 431);
    check_refused("0\r\n" + std::string(message_limits().trailers + 1, 'A'), 431);
    std::string lines = "0\r\n";
    while (lines.size() <= 2 * message_limits().trailers) lines += "A:b\r\n";
    check_refused(lines, 431);
}

BOOST_AUTO_TEST_CASE(extensions_have_a_grammar) {
    for (std::string_view const good :
         {";a", ";a=b", ";a=\"b\"", ";a=\"\"", ";a=\"\\\"\\\\;\"", " ;a", "\t; a\t=\t\"b\" ;c", ";a;b=c;d=\"e\"",
          ";a =b", ";!#$%&'*+-.^_`|~1=2", ";a=\"\xFF\""})
        BOOST_TEST(decode("1" + std::string(good) + "\r\nx\r\n0\r\n\r\n", 1000).content == "x", good);
    for (std::string_view const bad :
         {";",      "; ",        ";;a",   ";a;",       ";=b",       ";a=",           ";a= ",  ";a b", ";a=b c",
          ";a=\"b", ";a=\"b\"c", ";a==b", ";a=\"\r\"", ";a=\"\n\"", ";a=\"\\\r\n\"", ";a\r",  ";a\n", ";a=b\r;",
          " a",     " ",         ";a ",   ";(",        ";a=(",      ";\x7F",         ";a\x80"})
        check_refused("1" + std::string(bad) + "\r\nx\r\n0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(content_that_is_taken_elsewhere_is_passed_over) {
    chunk_decoder decoder;
    std::string_view head = "a\r\n0";
    BOOST_TEST(decoder.next(head) == "0");
    BOOST_TEST(decoder.content_left() == 9U);
    decoder.skip(4);
    BOOST_TEST(decoder.content_left() == 5U);
    std::string_view middle = "5";
    BOOST_TEST(decoder.next(middle) == "5");
    decoder.skip(4); // the chunk's last
    BOOST_TEST(decoder.content_left() == 0U);
    std::string_view end = "\r\n0\r\n\r\nrest";
    BOOST_TEST(decoder.next(end).empty());
    BOOST_TEST(decoder.done());
    BOOST_TEST(end == "rest");
}

BOOST_AUTO_TEST_CASE(content_begins_after_the_whole_line_of_its_size) {
    chunk_decoder decoder;
    for (char const c : std::string_view("1388;a=\"b\"\r")) {
        std::string_view one(&c, 1);
        BOOST_TEST(decoder.next(one).empty());
        BOOST_TEST(decoder.content_left() == 0U);
    }
    std::string_view end = "\n";
    BOOST_TEST(decoder.next(end).empty());
    BOOST_TEST(decoder.content_left() == 5000U);
    decoder.skip(5000);
    BOOST_TEST(decoder.content_left() == 0U);
    std::string_view cr = "\r";
    BOOST_TEST(decoder.next(cr).empty());
    BOOST_TEST(decoder.content_left() == 0U);
}

BOOST_AUTO_TEST_CASE(a_chunk_that_was_passed_over_has_to_end_all_the_same) {
    chunk_decoder decoder;
    std::string_view head = "3\r\n";
    BOOST_TEST(decoder.next(head).empty());
    decoder.skip(3);
    std::string_view more = "x\r\n";
    BOOST_CHECK_THROW((void)decoder.next(more), http_error);
}

BOOST_AUTO_TEST_SUITE_END()
