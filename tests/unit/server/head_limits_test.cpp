// How large a head may be, and what its client is told when it is larger.
#include "unit/server/heads.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::string_literals;
using result = head_parser::result;

BOOST_AUTO_TEST_SUITE(head_limits)

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

BOOST_AUTO_TEST_SUITE_END()
