// The files of the log: rotated, reopened, and on a full disk.
#include "support/pipe.hpp"
#include "unit/logging/logs.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

using namespace phial;
using namespace phial::testing;

BOOST_AUTO_TEST_SUITE(log_files)

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

BOOST_AUTO_TEST_SUITE_END()
