// Records in the file and on the console.
#include "support/pipe.hpp"
#include "unit/logging/logs.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace phial;
using namespace phial::testing;

BOOST_AUTO_TEST_SUITE(sinks)

BOOST_AUTO_TEST_CASE(a_record_is_a_line_with_time_level_and_message) {
    temporary_folder const folder;
    {
        auto const log = open_log(in(folder));
        for (auto const level :
             {severity::debug, severity::info, severity::warning, severity::error, severity::critical})
            log->write(level, std::string("the ") + std::string(to_string(level)) + " message", {});
    }
    auto const lines = lines_of(app_log(folder));
    BOOST_TEST_REQUIRE(lines.size() == 5U);
    std::regex const form(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z (\w+) +the (\w+) message)");
    for (std::size_t i = 0; i < lines.size(); ++i) {
        BOOST_TEST_CONTEXT(lines[i]) {
            std::smatch match;
            BOOST_TEST_REQUIRE(std::regex_match(lines[i], match, form));
            BOOST_TEST(match.str(1) == to_string(static_cast<severity>(i)));
            BOOST_TEST(match.str(2) == match.str(1));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_message_cannot_forge_a_second_line) {
    temporary_folder const folder;
    open_log(in(folder))->write(severity::info, "a\r\n2026-11-22T17:30:00.123456Z error forged\x1B\u2028", {});
    auto const text = app_log(folder);
    BOOST_TEST(lines_of(text).size() == 1U);
    BOOST_TEST(text.ends_with(" a\\r\\n2026-11-22T17:30:00.123456Z error forged\\x1b\\u2028\n"));
}

BOOST_AUTO_TEST_CASE(an_empty_folder_name_means_no_file) {
    auto const here = std::filesystem::current_path();
    temporary_folder const folder;
    std::filesystem::current_path(folder.path());
    log_options options;
    options.folder = "";
    options.console = -1;
    open_log(options)->write(severity::critical, "nowhere", {});
    std::filesystem::current_path(here);
    BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(the_log_works_again_after_one_that_went_nowhere) {
    log_options nowhere;
    nowhere.folder = "";
    nowhere.console = -1;
    open_log(nowhere)->write(severity::info, "lost", {});
    temporary_folder const folder;
    open_log(in(folder))->write(severity::info, "kept", {});
    BOOST_TEST(lines_of(app_log(folder)).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_to_is_an_error_that_names_the_file) {
    temporary_folder const folder;
    auto const file = folder.path() / "file";
    std::ofstream(file) << "x";
    for (auto const &bad : {folder.path() / "missing", file}) {
        BOOST_TEST_CONTEXT(bad) {
            auto options = in(folder);
            options.folder = bad.string();
            BOOST_CHECK_EXCEPTION((void)open_log(options), log_error, [&](log_error const &e) {
                return std::string_view(e.what()).starts_with(bad.string() + "/app.log cannot be opened: ");
            });
        }
    }
    BOOST_TEST(!std::filesystem::exists(folder.path() / "missing"));
}

BOOST_AUTO_TEST_CASE(a_folder_without_the_right_to_write_is_refused) {
    if (geteuid() == 0) {
        BOOST_TEST_MESSAGE("skipped: root may write anywhere");
        return;
    }
    temporary_folder const folder;
    std::filesystem::permissions(folder.path(),
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    BOOST_CHECK_THROW((void)open_log(in(folder)), log_error);
    std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
}

BOOST_AUTO_TEST_CASE(the_console_gets_the_same_lines) {
    for (auto const format : {log_format::text, log_format::json}) {
        temporary_folder const folder;
        pipe_ends pipe;
        auto options = in(folder);
        options.console = pipe.writing();
        options.format = format;
        attribute const attributes[] = {{"n", std::uint64_t{1}}};
        {
            auto const log = open_log(options);
            BOOST_TEST((log->format() == format));
            log->write(severity::info, "hello\nthere", attributes);
            log->write_lines("one\ntwo\n", 2);
            log->write_lines("", 0);
        }
        pipe.close_writing();
        auto const text = pipe.read_all();
        auto const message = format == log_format::text ? " hello\\nthere n=1\n"
                                                        : R"("hello\nthere","n":1})"
                                                          "\n";
        BOOST_TEST(text.ends_with(message + std::string("one\ntwo\n")));
        BOOST_TEST(text == app_log(folder));
    }
}

BOOST_AUTO_TEST_CASE(a_log_that_could_not_be_opened_leaves_nothing_behind) {
    pipe_ends pipe;
    log_options options;
    options.console = pipe.writing();
    options.folder = "/nonexistent";
    BOOST_CHECK_THROW((void)open_log(options), log_error);
    options.folder = "";
    open_log(options)->write(severity::info, "once", {});
    pipe.close_writing();
    BOOST_TEST(lines_of(pipe.read_all()).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_reader_who_does_not_read_blocks_nobody_and_each_record_is_accounted_for) {
    constexpr std::uint64_t records = 3 * 1000;
    temporary_folder const folder;
    pipe_ends pipe(4096); // much less than the queue
    auto options = in(folder);
    options.console = pipe.writing();
    options.queue_bytes = 100'000;
    std::string console;
    std::thread reader;
    log_counts counts;
    {
        auto const log = open_log(options);
        for (int i = 0; i < 1000; ++i) {
            log->write(severity::info, std::to_string(i), {});
            log->write_lines(block_of(i, 2), 2);
        }
        pipe.wait_until_full();
        BOOST_TEST(log->counts().dropped > 0U);
        reader = std::thread([&] { console = pipe.read_all(); });
        counts = log->counts();
    }
    pipe.close_writing();
    reader.join();
    std::uint64_t dropped = 0;
    for (auto const &lines : {lines_of(console), lines_of(app_log(folder))}) {
        auto const told = told_dropped(lines);
        auto const reports = static_cast<std::uint64_t>(std::count_if(
            lines.begin(), lines.end(), [](auto const &line) { return line.find("could not keep up") != line.npos; }));
        BOOST_TEST(lines.size() - reports + told == records);
        dropped += told;
    }
    BOOST_TEST(dropped == counts.dropped);
    BOOST_TEST(counts.lost == 0U);
    BOOST_TEST(told_dropped(lines_of(console)) > 0U);
}

BOOST_AUTO_TEST_CASE(the_end_does_not_wait_for_who_does_not_read) {
    temporary_folder const folder;
    pipe_ends pipe;
    auto options = in(folder);
    options.console = pipe.writing();
    auto log = open_log(options);
    for (int i = 0; i < 3000; ++i) log->write(severity::info, std::string(63, 'x'), {});
    pipe.wait_until_full();
    auto const begun = std::chrono::steady_clock::now();
    log.reset();
    BOOST_TEST((std::chrono::steady_clock::now() - begun < std::chrono::seconds(3)));
    BOOST_TEST(lines_of(app_log(folder)).size() == 3000U);
}

BOOST_AUTO_TEST_CASE(concurrent_writers_lose_nothing_and_keep_their_order) {
    constexpr int writers = 4;
    constexpr int records = 3000;
    temporary_folder const folder;
    {
        auto options = in(folder);
        options.queue_bytes = 64U << 20;
        auto const log = open_log(options);
        std::vector<std::thread> threads;
        for (int writer = 0; writer < writers; ++writer)
            threads.emplace_back([&log, writer] {
                for (int i = 0; i < records; ++i)
                    log->write(severity::info, "writer " + std::to_string(writer) + " " + std::to_string(i), {});
            });
        for (auto &thread : threads) thread.join();
    }
    std::vector<int> next(writers, 0);
    std::regex const form(R"(\S+ info +writer (\d) (\d+))");
    int out_of_order = 0;
    for (auto const &line : lines_of(app_log(folder))) {
        std::smatch match;
        BOOST_TEST_REQUIRE(std::regex_match(line, match, form), line);
        auto &expected = next.at(static_cast<std::size_t>(std::stoi(match[1])));
        if (std::stoi(match[2]) != expected++) ++out_of_order;
    }
    BOOST_TEST(out_of_order == 0);
    for (int const count : next) BOOST_TEST(count == records);
}

BOOST_AUTO_TEST_CASE(what_is_announced_goes_to_the_console_only_and_in_order) {
    temporary_folder const folder;
    pipe_ends pipe;
    auto options = in(folder);
    options.console = pipe.writing();
    {
        auto const log = open_log(options);
        log->announce("listening\n");
        log->write(severity::info, "first", {});
        log->announce("more\n");
        log->write(severity::info, "second", {});
    }
    pipe.close_writing();
    auto const printed = lines_of(pipe.read_all());
    BOOST_TEST_REQUIRE(printed.size() == 4U);
    BOOST_TEST(printed[0] == "listening");
    BOOST_TEST(printed[1].ends_with(" first"));
    BOOST_TEST(printed[2] == "more");
    BOOST_TEST(printed[3].ends_with(" second"));
    BOOST_TEST(lines_of(app_log(folder)).size() == 2U);
    open_log(in(folder))->announce("nobody is there\n");
    BOOST_TEST(lines_of(app_log(folder)).size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
