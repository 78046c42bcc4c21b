// When a log file is renamed, which files are kept, and what happens when it cannot be written.
#include "phial/logging/rotating_file.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;
using names = std::vector<std::string>;

constexpr wall_time noon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h};

// A folder with a log, and a clock.
struct fixture {
    rotating_file open(rotation when = {}) {
        return {folder.path(), "app", when, opening::at_once, [this] { return now; }};
    }
    std::string read(std::string const &name = "app.log") const { return read_file(folder.path() / name); }
    void put(std::string const &name, std::string_view content = "") const {
        std::ofstream(folder.path() / name) << content;
    }

    temporary_folder folder;
    wall_time now = noon;
};

void write(rotating_file &file, std::string_view lines) {
    auto const failure = file.write(lines);
    BOOST_TEST(!failure, failure.message());
}

// While it lives, no file may grow.
class file_limit {
  public:
    explicit file_limit(std::size_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const now{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &now);
    }
    ~file_limit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, SIG_DFL);
    }
    file_limit(file_limit const &) = delete;
    file_limit &operator=(file_limit const &) = delete;

  private:
    rlimit before_{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rotating_files, fixture)

BOOST_AUTO_TEST_CASE(lines_are_appended_to_what_is_there) {
    put("app.log", "old\n");
    {
        auto file = open();
        write(file, "a\n");
        write(file, "b\nc\n");
        BOOST_TEST(file.name() == (folder.path() / "app.log").string());
    }
    BOOST_TEST(read() == "old\na\nb\nc\n");
    BOOST_TEST((folder.names() == names{"app.log"}));
}

BOOST_AUTO_TEST_CASE(files_of_another_name_are_left_alone) {
    auto app = open({.bytes = 10, .kept = 1});
    rotating_file other(folder.path(), "logins", {.bytes = 10, .kept = 1}, opening::at_once, [this] { return now; });
    for (int i = 0; i < 4; ++i) write(other, "12345678\n");
    for (int i = 0; i < 4; ++i) write(app, "12345678\n");
    BOOST_TEST((folder.names() ==
                names{"app-20261122T120000-00002.log", "app.log", "logins-20261122T120000-00002.log", "logins.log"}));
}

BOOST_AUTO_TEST_CASE(a_file_may_be_opened_with_its_first_line) {
    rotating_file file(folder.path(), "app", {}, opening::with_first_line, [this] { return now; });
    BOOST_TEST(!file.reopen());
    BOOST_TEST(folder.names().empty());
    put("app.log", "old\n");
    write(file, "a\n");
    BOOST_TEST(read() == "old\na\n");
    fs::rename(folder.path() / "app.log", folder.path() / "moved");
    BOOST_TEST(!file.reopen());
    write(file, "b\n");
    BOOST_TEST(read() == "b\n");
}

BOOST_AUTO_TEST_CASE(it_is_renamed_before_it_would_become_too_large) {
    auto file = open({.bytes = 10});
    write(file, "1234\n");
    write(file, "5678\n"); // ten bytes: not larger
    BOOST_TEST((folder.names() == names{"app.log"}));
    now += 1s;
    write(file, "9\n");
    BOOST_TEST((folder.names() == names{"app-20261122T120001-00000.log", "app.log"}));
    BOOST_TEST(read("app-20261122T120001-00000.log") == "1234\n5678\n");
    BOOST_TEST(read() == "9\n");
}

BOOST_AUTO_TEST_CASE(what_is_written_at_once_is_not_split) {
    auto file = open({.bytes = 10});
    write(file, "a line that is too long\n");
    BOOST_TEST((folder.names() == names{"app.log"})); // an empty file is not renamed
    write(file, "b\n");
    BOOST_TEST(read() == "b\n");
    BOOST_TEST(folder.names().size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_size_of_the_file_that_is_there_counts) {
    put("app.log", "1234567\n");
    auto file = open({.bytes = 10});
    write(file, "12\n");
    BOOST_TEST(read() == "12\n");
}

BOOST_AUTO_TEST_CASE(a_file_that_somebody_copied_and_emptied_starts_again) {
    auto file = open({.bytes = 10});
    write(file, "12345678\n");
    fs::resize_file(folder.path() / "app.log", 0);
    write(file, "abcdefgh\n");
    BOOST_TEST((folder.names() == names{"app.log"}));
    BOOST_TEST(read() == "abcdefgh\n");
}

BOOST_AUTO_TEST_CASE(it_is_renamed_at_multiples_of_the_interval) {
    now = noon + 59min + 59s;
    auto file = open({.interval = 3600});
    write(file, "a\n");
    write(file, "b\n");
    now = noon + 1h;
    write(file, "c\n");
    now = noon + 1h + 59min;
    write(file, "d\n");
    now = noon; // the clock is set back: no reason to rename
    write(file, "e\n");
    BOOST_TEST((folder.names() == names{"app-20261122T130000-00000.log", "app.log"}));
    BOOST_TEST(read("app-20261122T130000-00000.log") == "a\nb\n");
    now = noon + 5h;
    write(file, "f\n");
    BOOST_TEST(read() == "f\n");
    BOOST_TEST(folder.names().size() == 3U); // one file, though three intervals are over
}

BOOST_AUTO_TEST_CASE(the_interval_of_what_an_earlier_run_has_written_counts) {
    put("app.log", "yesterday\n");
    now = wall_time(std::chrono::system_clock::now()) + 24h;
    auto file = open({.interval = 3600});
    write(file, "today\n");
    BOOST_TEST(read() == "today\n");
    BOOST_TEST(folder.names().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_file_from_the_future_is_renamed_when_the_present_period_is_over) {
    for (auto const ahead : {24h, 24h * 365 * 10, 24h * 365 * 400}) { // the last is more than a wall_time holds
        temporary_folder const other;
        std::ofstream(other.path() / "app.log") << "old\n";
        timespec const times[] = {{0, UTIME_OMIT}, {std::chrono::system_clock::to_time_t(noon) + ahead / 1s, 0}};
        BOOST_REQUIRE(::utimensat(AT_FDCWD, (other.path() / "app.log").c_str(), times, 0) == 0);
        now = noon;
        rotating_file file(other.path(), "app", {.interval = 3600}, opening::at_once, [this] { return now; });
        write(file, "a\n");
        BOOST_TEST((other.names() == names{"app.log"}));
        now = noon + 1h;
        write(file, "b\n");
        BOOST_TEST((other.names() == names{"app-20261122T130000-00000.log", "app.log"}));
        BOOST_TEST(read_file(other.path() / "app.log") == "b\n");
    }
}

BOOST_AUTO_TEST_CASE(after_the_clock_was_ahead_it_is_renamed_as_before) {
    auto file = open({.interval = 3600});
    write(file, "a\n");
    now = noon + 24h * 400;
    write(file, "b\n"); // a period seems to be over
    now = noon + 1min;
    write(file, "c\n");
    BOOST_TEST(folder.names().size() == 2U);
    for (int hour = 1; hour <= 3; ++hour) {
        now = noon + hour * 1h;
        write(file, "d" + std::to_string(hour) + "\n");
        BOOST_TEST(read() == "d" + std::to_string(hour) + "\n");
        BOOST_TEST(folder.names().size() == 2U + static_cast<unsigned>(hour));
    }
}

BOOST_AUTO_TEST_CASE(without_an_interval_time_does_not_matter) {
    auto file = open();
    write(file, "a\n");
    now += 24h * 365 * 10;
    write(file, "b\n");
    BOOST_TEST(read() == "a\nb\n");
}

BOOST_AUTO_TEST_CASE(the_oldest_are_removed_whoever_wrote_them) {
    put("app-20200101T000000-00006.log");
    put("app-20300101T000000-00005.log"); // older by its number: the clock was set back
    auto file = open({.bytes = 1, .kept = 2});
    for (auto const *line : {"a\n", "b\n", "c\n"}) write(file, line);
    BOOST_TEST((folder.names() == names{"app-20261122T120000-00007.log", "app-20261122T120000-00008.log", "app.log"}));
    BOOST_TEST(read("app-20261122T120000-00007.log") == "a\n");
    BOOST_TEST(read("app-20261122T120000-00008.log") == "b\n");
    BOOST_TEST(read() == "c\n");
}

BOOST_AUTO_TEST_CASE(a_number_that_somebody_made_up_disturbs_nothing) {
    struct {
        std::uint64_t number; // of the file that is there
        names expected;       // the numbers that are there after "a", ..., "e"; three are kept
    } const cases[] = {
        {99999, {"100001", "100002", "100003"}},
        {4294967295, {"4294967297", "4294967298", "4294967299"}},
        {9223372036854775807, {"9223372036854775809", "9223372036854775810", "9223372036854775811"}},
        {18446744073709551613U, {"00000", "00001", "18446744073709551615"}},
        {18446744073709551615U, {"00001", "00002", "00003"}},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.number) {
            temporary_folder const other;
            auto const name = [](std::string const &number) { return "app-20261122T120000-" + number + ".log"; };
            std::ofstream(other.path() / name(std::to_string(c.number)));
            rotating_file file(other.path(), "app", {.bytes = 1, .kept = 3}, opening::at_once, [this] { return now; });
            for (auto const *line : {"a\n", "b\n", "c\n", "d\n", "e\n"}) write(file, line);
            names expected;
            for (auto const &number : c.expected) expected.push_back(name(number));
            expected.emplace_back("app.log");
            BOOST_TEST(other.names() == expected, boost::test_tools::per_element());
            std::string all;
            for (auto const &one : other.names()) all += read_file(other.path() / one);
            for (auto const *line : {"b\n", "c\n", "d\n", "e\n"}) BOOST_TEST(all.find(line) != all.npos);
            BOOST_TEST(all.find("a\n") == all.npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_made_up_number_among_others_is_the_oldest_or_the_youngest) {
    put("app-20261122T120000-00007.log", "7");
    put("app-20261122T120000-00008.log", "8");
    put("app-20261122T120000-18446744073709551615.log", "odd");
    auto file = open({.bytes = 1, .kept = 3});
    write(file, "a\n");
    write(file, "b\n");
    BOOST_TEST((folder.names() == names{"app-20261122T120000-00007.log", "app-20261122T120000-00008.log",
                                        "app-20261122T120000-00009.log", "app.log"}));
}

BOOST_AUTO_TEST_CASE(what_is_too_much_is_removed_at_the_start) {
    for (int i = 0; i < 5; ++i) put("app-20260101T000000-0000" + std::to_string(i) + ".log");
    auto const file = open({.kept = 2});
    BOOST_TEST((folder.names() == names{"app-20260101T000000-00003.log", "app-20260101T000000-00004.log", "app.log"}));
}

BOOST_AUTO_TEST_CASE(none_may_be_kept) {
    auto file = open({.bytes = 1, .kept = 0});
    for (auto const *line : {"a\n", "b\n", "c\n"}) write(file, line);
    BOOST_TEST((folder.names() == names{"app.log"}));
    BOOST_TEST(read() == "c\n");
}

BOOST_AUTO_TEST_CASE(files_of_other_names_are_left_alone) {
    names const others{"app-.log",
                       "app-20260101T000000-.log",
                       "app-20260101T000000-00001.log.gz",
                       "app-20260101T000000-0000x.log",
                       "app-20260101T000000-99999999999999999999.log",
                       "app-20260101t000000-00001.log",
                       "app-2026010xT000000-00001.log",
                       "app.log.1",
                       "happ-20260101T000000-00001.log"};
    for (auto const &name : others) put(name);
    {
        auto file = open({.bytes = 1, .kept = 0});
        for (auto const *line : {"a\n", "b\n", "c\n"}) write(file, line);
    }
    fs::remove(folder.path() / "app.log");
    BOOST_TEST((folder.names() == others));
}

BOOST_AUTO_TEST_CASE(after_a_move_reopening_begins_a_new_file) {
    auto file = open();
    write(file, "a\n");
    fs::rename(folder.path() / "app.log", folder.path() / "app.log.1");
    write(file, "b\n"); // reopen() was not called yet
    BOOST_TEST(!file.reopen());
    write(file, "c\n");
    BOOST_TEST(read("app.log.1") == "a\nb\n");
    BOOST_TEST(read() == "c\n");
    fs::remove(folder.path() / "app.log");
    BOOST_TEST(!file.reopen());
    write(file, "d\n");
    BOOST_TEST(read() == "d\n");
    BOOST_TEST(!file.reopen()); // it is the same file
    write(file, "e\n");
    BOOST_TEST(read() == "d\ne\n");
}

BOOST_AUTO_TEST_CASE(a_file_that_was_moved_away_needs_no_renaming) {
    auto file = open({.bytes = 10});
    write(file, "1234567\n");
    fs::rename(folder.path() / "app.log", folder.path() / "moved");
    write(file, "abc\n");
    BOOST_TEST((folder.names() == names{"app.log", "moved"}));
    BOOST_TEST(read() == "abc\n");
}

BOOST_AUTO_TEST_CASE(when_reopening_fails_the_old_file_is_written_on) {
    auto file = open();
    fs::rename(folder.path() / "app.log", folder.path() / "moved");
    fs::create_directory(folder.path() / "app.log");
    BOOST_TEST((file.reopen() == std::errc::is_a_directory));
    write(file, "a\n");
    BOOST_TEST(read("moved") == "a\n");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_opened_is_refused) {
    BOOST_CHECK_THROW(rotating_file(folder.path() / "missing", "app", {}), std::system_error);
    fs::create_directory(folder.path() / "app.log");
    BOOST_CHECK_THROW((void)open(), std::system_error);
}

BOOST_AUTO_TEST_CASE(a_pipe_nobody_reads_is_refused_at_once) {
    BOOST_REQUIRE(::mkfifo((folder.path() / "app.log").c_str(), 0600) == 0);
    BOOST_CHECK_THROW((void)open(), std::system_error);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_a_failure_and_nothing_else) {
    fs::create_symlink("/dev/full", folder.path() / "app.log");
    auto file = open({.bytes = 3});
    for (int i = 0; i < 3; ++i) BOOST_TEST((file.write("a\n") == std::errc::no_space_on_device));
    BOOST_TEST((folder.names() == names{"app.log"}));
    fs::remove(folder.path() / "app.log");
    BOOST_TEST(!file.reopen());
    write(file, "b\n");
    BOOST_TEST(read() == "b\n");
}

BOOST_AUTO_TEST_CASE(no_part_of_a_line_is_left_when_the_rest_finds_no_room) {
    auto file = open();
    write(file, "whole\n");
    {
        file_limit const limit(10);
        BOOST_TEST((file.write("half of a line\n") == std::errc::file_too_large));
        BOOST_TEST(read() == "whole\n");
        write(file, "abc\n"); // this fits
        BOOST_TEST((file.write("x\n") == std::errc::file_too_large));
    }
    write(file, "after\n");
    BOOST_TEST(read() == "whole\nabc\nafter\n");
}

BOOST_AUTO_TEST_CASE(a_part_that_others_have_appended_to_is_ended) {
    auto file = open();
    write(file, "whole\n");
    put("app.log", "1\n"); // replaced, and shorter: the known size is wrong
    {
        file_limit const limit(5);
        BOOST_TEST((file.write("half\n") == std::errc::file_too_large));
    }
    write(file, "after\n");
    BOOST_TEST(read() == "1\nhal\nafter\n");
}

BOOST_AUTO_TEST_CASE(a_rotation_that_fails_is_tried_again) {
    auto file = open({.bytes = 3});
    write(file, "ab\n");
    auto const away = folder.path().string() + "-away";
    fs::rename(folder.path(), away);
    for (int i = 0; i < 2; ++i) BOOST_TEST((file.write("c\n") == std::errc::no_such_file_or_directory));
    fs::rename(away, folder.path());
    write(file, "d\n");
    BOOST_TEST(read() == "d\n");
    BOOST_TEST(read("app-20261122T120000-00000.log") == "ab\n");
}

BOOST_AUTO_TEST_SUITE_END()
