// Levels, and messages that stay on their line.
#include "logging/logger.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;
using namespace std::string_view_literals;

namespace {

constexpr severity levels[] = {severity::debug, severity::info, severity::warning, severity::error, severity::critical};

// A part of a message that tells when it was asked for its text.
class watched {
  public:
    explicit watched(int &asked) : asked_(asked) {}
    operator std::string_view() const {
        ++asked_;
        return "text";
    }

  private:
    int &asked_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(loggers)

BOOST_AUTO_TEST_CASE(levels_have_names) {
    for (auto const level : levels) {
        BOOST_TEST_CONTEXT(to_string(level)) { BOOST_TEST((parse_severity(to_string(level)) == level)); }
    }
    BOOST_TEST((parse_severity("warning") == severity::warning));
    BOOST_TEST((parse_severity("critical") == severity::critical));
    for (auto const name : {""sv, "INFO"sv, "Info"sv, "warn"sv, "info "sv, "infos"sv, "fatal"sv, "1"sv, "info\0"sv}) {
        BOOST_TEST_CONTEXT(name) { BOOST_TEST(!parse_severity(name)); }
    }
}

BOOST_AUTO_TEST_CASE(records_below_the_level_are_not_written) {
    for (auto const least : levels) {
        BOOST_TEST_CONTEXT(to_string(least)) {
            memory_log records;
            logger const log(records, least);
            log.debug("debug");
            log.info("info");
            log.warning("warning");
            log.error("error");
            log.critical("critical");
            auto const written = records.records();
            BOOST_TEST(written.size() == std::size(levels) - static_cast<std::size_t>(least));
            for (auto const &[level, message] : written) {
                BOOST_TEST((level >= least));
                BOOST_TEST(message == to_string(level));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(information_is_written_by_default_and_debugging_is_not) {
    memory_log records;
    logger const log(records);
    log.debug("no");
    log.info("yes");
    BOOST_TEST_REQUIRE(records.records().size() == 1U);
    BOOST_TEST(records.records()[0].second == "yes");
}

BOOST_AUTO_TEST_CASE(parts_are_joined) {
    memory_log records;
    logger const log(records);
    log.log(severity::error, "uploaded ", 3, " bytes in ", 1.5, std::string(" s"));
    BOOST_TEST_REQUIRE(records.records().size() == 1U);
    BOOST_TEST((records.records()[0] == std::pair(severity::error, std::string("uploaded 3 bytes in 1.5 s"))));
}

BOOST_AUTO_TEST_CASE(a_message_nobody_wants_is_not_put_together) {
    memory_log records;
    logger const log(records, severity::warning);
    int asked = 0;
    log.info("x ", watched(asked));
    BOOST_TEST(asked == 0);
    log.warning("x ", watched(asked));
    BOOST_TEST(asked == 1);
}

BOOST_AUTO_TEST_CASE(nothing_in_a_message_ends_its_line_or_steers_a_terminal) {
    struct {
        std::string_view in, out;
    } const cases[] = {
        {"", ""},
        {"plain ~", "plain ~"},
        {"héllo €\U0001F600", "héllo €\U0001F600"},
        {"a\n2026-11-22T17:30:00.123456Z error forged", "a\\n2026-11-22T17:30:00.123456Z error forged"},
        {"a\r\nb", "a\\r\\nb"},
        {"a\tb", "a\\tb"},
        {"\x1B[31mred\x07", "\\x1b[31mred\\x07"},
        {"a\0b"sv, "a\\x00b"},
        {"\x7F", "\\x7f"},
        {"\u0080\u0085\u009B31m\u009F", "\\x80\\x85\\x9b31m\\x9f"}, // C1: next line, a CSI of one character
        {"\u00A0é", "\u00A0é"},                                     // the first that is no control character
        {"a\u2028b\u2029c\u202Ad", "a\\nb\\nc\u202Ad"},
        {"a\xFF\n", "a\uFFFD\\n"},
        {"\x85", "\uFFFD"}, // a C1 byte alone is no UTF-8
        {"a\xC2", "a\uFFFD"},
        {"a\xE2\x80", "a\uFFFD"},
        {"\xC0\x8A", "\uFFFD\uFFFD"}, // an overlong line feed
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.out) { BOOST_TEST(one_line(c.in) == c.out); }
    }
}

BOOST_AUTO_TEST_SUITE_END()
