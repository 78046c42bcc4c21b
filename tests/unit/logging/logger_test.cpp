#include "phial/logging/logger.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

namespace {

constexpr severity levels[] = {severity::debug, severity::info, severity::warning, severity::error, severity::critical};

// A part of a message that notes when its text was asked for.
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

BOOST_AUTO_TEST_CASE(a_logger_adds_its_attributes_to_each_record) {
    memory_log records;
    logger const log(records, severity::warning);
    attribute const attributes[] = {{"id", "a b"}, {"n", std::uint64_t{7}}, {"beyond", "what it can hold"}};
    for (std::size_t n = 0; n <= std::size(attributes); ++n) {
        logger const with(log, std::span(attributes).first(n));
        with.info("below the level");
        with.error("x");
    }
    logger const again(logger(log, attributes), std::span(attributes).first(1));
    again.error("others");
    BOOST_TEST(records.text() == "1970-01-01T00:00:00.000000Z error   x\n"
                                 "1970-01-01T00:00:00.000000Z error   x id=\"a b\"\n"
                                 "1970-01-01T00:00:00.000000Z error   x id=\"a b\" n=7\n"
                                 "1970-01-01T00:00:00.000000Z error   x id=\"a b\" n=7\n"
                                 "1970-01-01T00:00:00.000000Z error   others id=\"a b\"\n");
}

BOOST_AUTO_TEST_SUITE_END()
