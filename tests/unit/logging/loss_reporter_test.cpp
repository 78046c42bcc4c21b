#include "phial/logging/loss_reporter.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

using namespace phial;
using namespace std::chrono_literals;

namespace {

class fake_writer final : public line_writer {
  public:
    std::error_code write(std::string_view lines) noexcept override {
        if (!failure) text += lines;
        return failure;
    }
    std::string const &name() const noexcept override { return name_; }

    std::string text;
    std::error_code failure;

  private:
    std::string name_ = "x.log";
};

std::error_code const full = std::make_error_code(std::errc::no_space_on_device);
std::error_code const gone = std::make_error_code(std::errc::no_such_file_or_directory);

// A reporter with its clock and its stderr.
struct reporting {
    explicit reporting(log_format format = log_format::text)
        : reporter(
              to, format, [this] { return now; },
              [this](std::string_view line) {
                  if (stderr_works) reported.emplace_back(line);
                  return stderr_works;
              }) {}

    // Writes one record; nothing else waits.
    void write(std::string_view line, std::uint64_t dropped = 0, bool last = true) {
        reporter.write(line, 1, dropped, last);
    }

    wall_time now{};
    bool stderr_works = true;
    std::vector<std::string> reported;
    fake_writer to;
    loss_reporter reporter;
};

std::string report(std::string_view what) { return "1970-01-01T00:00:00.000000Z warning " + std::string(what) + "\n"; }

std::string lost(std::string_view how_many) {
    return report("the log could not be written: " + std::string(how_many) + " lost");
}

std::string dropped(std::string_view how_many) {
    return report("the log could not keep up: " + std::string(how_many) + " dropped");
}

} // namespace

BOOST_AUTO_TEST_SUITE(reporting_losses)

BOOST_AUTO_TEST_CASE(lines_pass_as_they_are) {
    reporting a;
    a.write("a\n");
    a.reporter.write("b\nc\n", 2, 0, false);
    BOOST_TEST(a.to.text == "a\nb\nc\n");
    BOOST_TEST(a.reporter.lost() == 0U);
    BOOST_TEST(a.reported.empty());
}

BOOST_AUTO_TEST_CASE(a_failure_is_reported_once_and_what_was_lost_when_it_is_over) {
    reporting a;
    for (int episode = 1; episode <= 2; ++episode) {
        BOOST_TEST_CONTEXT("episode " << episode) {
            a.to.text.clear();
            a.reported.clear();
            a.to.failure = full;
            a.write("a\n");
            a.reporter.write("b\nc\n", 2, 0, true);
            a.to.failure = gone; // still the same failure
            a.write("d\n");
            BOOST_TEST(a.to.text == "");
            BOOST_TEST_REQUIRE(a.reported.size() == 1U);
            BOOST_TEST(a.reported[0].find("x.log cannot be written: " + full.message()) != std::string::npos);
            BOOST_TEST(!a.reported[0].ends_with('\n'));
            BOOST_TEST(a.reporter.lost() == 4U * static_cast<unsigned>(episode));
            a.to.failure = {};
            a.write("e\n");
            a.write("f\n");
            BOOST_TEST(a.to.text == lost("4 records were") + "e\nf\n");
            BOOST_TEST(a.reported.size() == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_report_that_cannot_be_written_is_written_later) {
    reporting a;
    a.to.failure = full;
    a.write("a\n");
    a.write("b\n", 7);
    a.to.failure = {};
    a.write("c\n", 7);
    BOOST_TEST(a.to.text == lost("2 records were") + "c\n" + dropped("7 records were"));
}

BOOST_AUTO_TEST_CASE(a_failure_is_reported_when_stderr_can_be_written_again) {
    reporting a;
    a.to.failure = full;
    a.stderr_works = false;
    a.write("a\n");
    a.stderr_works = true;
    a.write("b\n");
    a.write("c\n");
    BOOST_TEST(a.reported.size() == 1U);
}

BOOST_AUTO_TEST_CASE(one_record_is_one_record) {
    reporting a;
    a.to.failure = full;
    a.write("a\n");
    a.to.failure = {};
    a.write("b\n", 1);
    BOOST_TEST(a.to.text == lost("1 record was") + "b\n" + dropped("1 record was"));
}

BOOST_AUTO_TEST_CASE(dropped_records_are_reported_after_the_last_that_waited) {
    reporting a;
    a.write("a\n", 0, false);
    a.write("b\n", 3, false);
    a.write("c\n", 5, false);
    BOOST_TEST(a.to.text == "a\nb\nc\n");
    a.write("d\n", 5, true);
    a.write("e\n", 5, true);
    BOOST_TEST(a.to.text == "a\nb\nc\nd\n" + dropped("5 records were") + "e\n");
    BOOST_TEST(a.reporter.lost() == 0U);
}

BOOST_AUTO_TEST_CASE(in_a_flood_what_was_dropped_is_reported_once_a_second) {
    reporting a;
    std::uint64_t total = 0;
    for (int i = 0; i < 30; ++i, a.now += 100ms) a.write("x\n", total += 2, false);
    BOOST_TEST(a.to.text.find("22 records were dropped") != std::string::npos); // the first second ends with the 11th
    std::size_t reports = 0;
    for (auto at = a.to.text.find("warning"); at != std::string::npos; at = a.to.text.find("warning", at + 1))
        ++reports;
    BOOST_TEST(reports == 2U);
}

BOOST_AUTO_TEST_CASE(reports_have_the_format_of_the_log) {
    reporting a(log_format::json);
    a.write("{}\n", 1);
    BOOST_TEST(a.to.text ==
               "{}\n{\"time\":\"1970-01-01T00:00:00.000000Z\",\"severity\":\"warning\",\"message\":\"the log "
               "could not keep up: 1 record was dropped\"}\n");
}

BOOST_AUTO_TEST_CASE(losses_that_the_log_cannot_report_are_reported_on_stderr_at_the_end) {
    fake_writer to;
    std::vector<std::string> reported;
    auto const on_stderr = [&reported](std::string_view line) {
        reported.emplace_back(line);
        return true;
    };
    {
        loss_reporter const nothing(to, log_format::text, std::chrono::system_clock::now, on_stderr);
    }
    BOOST_TEST(reported.empty());
    {
        loss_reporter reporter(to, log_format::text, std::chrono::system_clock::now, on_stderr);
        to.failure = full;
        reporter.write("a\n", 2, 3, true);
    }
    BOOST_TEST_REQUIRE(reported.size() == 2U);
    BOOST_TEST(reported[1] == "5 records are missing at the end of x.log");
}

BOOST_AUTO_TEST_SUITE_END()
