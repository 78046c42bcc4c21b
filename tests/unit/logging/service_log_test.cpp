#include "phial/logging/service_log.hpp"

#include "support/pipe.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

log_options in(temporary_folder const &folder) {
    log_options options;
    options.folder = folder.path().string();
    options.console = -1;
    return options;
}

std::vector<std::string> lines_of(std::string const &text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

std::string app_log(temporary_folder const &folder) { return read_file(folder.path() / "app.log"); }

std::string message_of(std::string const &line) { return line.substr(line.rfind(' ') + 1); }

// Writes `count` records of some 100 bytes each.
void write_long_records(log_options const &options, int count) {
    auto const log = open_log(options);
    for (int i = 0; i < count; ++i) log->write(severity::info, std::string(63, 'x'), {});
}

// Lines as the access log makes them.
std::string block_of(int first, int count) {
    std::string out;
    for (int i = 0; i < count; ++i)
        append_record(out, log_format::text, wall_time{}, severity::info, std::to_string(first + i), {});
    return out;
}

// Adds up what the reports of dropped records say.
std::uint64_t told_dropped(std::vector<std::string> const &lines) {
    std::regex const form(R"(.* warning the log could not keep up: (\d+) records? w(?:as|ere) dropped)");
    std::uint64_t sum = 0;
    for (auto const &line : lines)
        if (std::smatch match; std::regex_match(line, match, form)) sum += std::stoull(match[1]);
    return sum;
}

} // namespace

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

BOOST_AUTO_TEST_CASE(a_failed_login_is_recorded_twice_and_other_records_cannot_push_it_out) {
    temporary_folder const folder;
    auto options = in(folder);
    options.rotate = {.bytes = 1000, .interval = 0, .kept = 1};
    {
        auto const log = open_log(options);
        log->write(severity::info, "another", {});
        log->logins().write(severity::warning, "failed login", {});
    }
    BOOST_TEST(app_log(folder).find("failed login") != std::string::npos);
    write_long_records(options, 100);
    BOOST_TEST(app_log(folder).find("failed login") == std::string::npos);
    auto const kept = lines_of(read_file(folder.path() / "logins.log"));
    BOOST_TEST_REQUIRE(kept.size() == 1U);
    BOOST_TEST(kept.front().ends_with(" warning failed login"));
}

BOOST_AUTO_TEST_CASE(the_file_of_failed_logins_is_reopened_and_rotated_too) {
    namespace fs = std::filesystem;
    temporary_folder const folder;
    auto options = in(folder);
    options.rotate = {.bytes = 200, .interval = 0, .kept = 2};
    auto log = open_log(options);
    log->logins().write(severity::warning, "first", {});
    log.reset();
    log = open_log(options);
    fs::rename(folder.path() / "logins.log", folder.path() / "moved");
    BOOST_TEST(!log->reopen());
    for (int i = 0; i < 20; ++i) log->logins().write(severity::warning, std::string(80, 'x'), {});
    log.reset();
    BOOST_TEST(lines_of(read_file(folder.path() / "moved")).size() == 1U);
    auto const names = folder.names();
    BOOST_TEST(std::count_if(names.begin(), names.end(), [](auto const &n) { return n.starts_with("logins-"); }) == 2);
}

BOOST_AUTO_TEST_CASE(a_message_cannot_forge_a_second_line) {
    temporary_folder const folder;
    open_log(in(folder))->write(severity::info, "a\r\n2026-11-22T17:30:00.123456Z error forged\x1B\u2028", {});
    auto const text = app_log(folder);
    BOOST_TEST(lines_of(text).size() == 1U);
    BOOST_TEST(text.ends_with(" a\\r\\n2026-11-22T17:30:00.123456Z error forged\\x1b\\u2028\n"));
}

BOOST_AUTO_TEST_CASE(reopening_appends) {
    temporary_folder const folder;
    for (auto const *message : {"first", "second", "third"}) open_log(in(folder))->write(severity::info, message, {});
    auto const lines = lines_of(app_log(folder));
    BOOST_TEST_REQUIRE(lines.size() == 3U);
    BOOST_TEST(message_of(lines[0]) == "first");
    BOOST_TEST(message_of(lines[1]) == "second");
    BOOST_TEST(message_of(lines[2]) == "third");
    BOOST_TEST(folder.names().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_full_file_is_renamed_and_some_of_those_are_kept) {
    temporary_folder const folder;
    auto options = in(folder);
    options.rotate.bytes = 1000;
    options.rotate.kept = 3;
    std::regex const renamed(R"(app-\d{8}T\d{6}-\d+\.log)");
    for (int const round : {1, 2}) { // the files of the first round count as well
        BOOST_TEST_CONTEXT("round " << round) {
            write_long_records(options, 100);
            auto const names = folder.names();
            BOOST_TEST_REQUIRE(names.size() == 4U);
            BOOST_TEST(std::count(names.begin(), names.end(), "app.log") == 1);
            for (auto const &name : names) {
                BOOST_TEST_CONTEXT(name) {
                    BOOST_TEST((name == "app.log" || std::regex_match(name, renamed)));
                    BOOST_TEST(std::filesystem::file_size(folder.path() / name) <= 1000U);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(rotation_loses_no_record) {
    temporary_folder const folder;
    auto options = in(folder);
    options.rotate.bytes = 1000;
    options.rotate.kept = 1000;
    {
        auto const log = open_log(options);
        for (int i = 0; i < 200; ++i) log->write(severity::info, std::to_string(i), {});
    }
    std::vector<int> numbers;
    for (auto const &name : folder.names())
        for (auto const &line : lines_of(read_file(folder.path() / name)))
            numbers.push_back(std::stoi(message_of(line)));
    std::sort(numbers.begin(), numbers.end());
    BOOST_TEST_REQUIRE(numbers.size() == 200U);
    BOOST_TEST(numbers.front() == 0);
    BOOST_TEST(numbers.back() == 199);
    BOOST_TEST((std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end()));
}

BOOST_AUTO_TEST_CASE(the_size_of_the_file_that_is_there_counts) {
    temporary_folder const folder;
    auto options = in(folder);
    options.rotate.bytes = 1000;
    write_long_records(options, 7);
    BOOST_TEST(folder.names().size() == 1U);
    write_long_records(options, 7);
    BOOST_TEST(folder.names().size() == 2U);
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

BOOST_AUTO_TEST_CASE(reopening_begins_a_new_file_when_the_old_one_was_moved) {
    temporary_folder const folder;
    auto const log = open_log(in(folder));
    log->write(severity::info, "old", {});
    eventually([&] { return app_log(folder).ends_with("old\n"); });
    std::filesystem::rename(folder.path() / "app.log", folder.path() / "app.log.1");
    BOOST_TEST(!log->reopen());
    BOOST_TEST(app_log(folder) == ""); // at once, not with the next record
    log->write(severity::info, "new", {});
    eventually([&] { return app_log(folder).ends_with("new\n"); });
    BOOST_TEST(lines_of(read_file(folder.path() / "app.log.1")).size() == 1U);
    std::filesystem::create_directory(folder.path() / "x");
    std::filesystem::remove(folder.path() / "app.log");
    std::filesystem::rename(folder.path() / "x", folder.path() / "app.log");
    BOOST_TEST((log->reopen() == std::errc::is_a_directory));
}

BOOST_AUTO_TEST_CASE(a_log_without_a_file_has_nothing_to_reopen) {
    log_options options;
    options.folder = "";
    options.console = -1;
    BOOST_TEST(!open_log(options)->reopen());
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

BOOST_AUTO_TEST_CASE(a_full_disk_stops_nothing_and_is_reported_in_the_log_when_it_is_over) {
    temporary_folder const folder;
    pipe_ends pipe;
    std::filesystem::create_symlink("/dev/full", folder.path() / "app.log");
    auto options = in(folder);
    options.console = pipe.writing();
    {
        auto const log = open_log(options);
        log->write(severity::info, "a", {});
        log->write_lines(block_of(0, 3), 3);
        eventually([&] { return log->counts().lost == 4; });
        std::filesystem::remove(folder.path() / "app.log");
        BOOST_TEST(!log->reopen());
        log->write(severity::info, "b", {});
    }
    pipe.close_writing();
    auto const lines = lines_of(app_log(folder));
    BOOST_TEST_REQUIRE(lines.size() == 2U);
    BOOST_TEST(lines[0].ends_with(" warning the log could not be written: 4 records were lost"));
    BOOST_TEST(message_of(lines[1]) == "b");
    BOOST_TEST(lines_of(pipe.read_all()).size() == 5U); // the console is not affected
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
