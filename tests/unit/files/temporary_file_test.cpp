// Checks the system calls, too.
#include "phial/files/temporary_file.hpp"
#include "support/support.hpp"
#include "unit/files/system_calls.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

struct fixture {
    temporary_folder folder;

    void put(std::string const &name, std::string const &content) { std::ofstream(folder.path() / name) << content; }
    std::string get(std::string const &name) { return read_file(folder.path() / name); }
};

using names = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(temporary_files, fixture)

BOOST_AUTO_TEST_CASE(it_has_a_separate_name_until_it_takes_its_target_s_place) {
    put("target", "old");
    {
        temporary_file file(folder.path());
        file.write("new");
        BOOST_TEST_REQUIRE(folder.names().size() == 2U);
        BOOST_TEST(folder.names()[0].starts_with(".upload-"));
        BOOST_TEST(get("target") == "old");
        file.replace("target");
        BOOST_TEST(get("target") == "new");
    }
    BOOST_TEST(folder.names() == names{"target"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_may_read_it_is_said_by_the_umask) {
    struct {
        mode_t umask, mode;
    } const cases[] = {{022, 0644}, {077, 0600}, {027, 0640}, {0, 0666}};
    for (auto const &c : cases) {
        auto const before = ::umask(c.umask);
        temporary_file file(folder.path());
        ::umask(before);
        file.replace("target");
        struct stat found{};
        BOOST_TEST(::stat((folder.path() / "target").c_str(), &found) == 0);
        BOOST_TEST((found.st_mode & 07777) == c.mode);
    }
}

BOOST_AUTO_TEST_CASE(names_that_are_taken_are_passed_over_and_not_for_ever) {
    system_calls calls;
    calls.fail("create", EEXIST, 0);
    temporary_file file(folder.path());
    file.write("x");
    BOOST_TEST(calls.count("create") == 2U);
    calls.fail("create", EEXIST, 0, true);
    BOOST_CHECK_EXCEPTION(temporary_file(folder.path()), std::system_error,
                          [](auto const &e) { return e.code().value() == EEXIST; });
}

BOOST_AUTO_TEST_CASE(what_is_free_is_what_the_file_system_says) {
    system_calls calls;
    calls.free_bytes(4096);
    BOOST_TEST(free_space(folder.path()).value_or(0) == 4096U);
    require_free_space(folder.path(), 4096);
    BOOST_CHECK_EXCEPTION(require_free_space(folder.path(), 4097), std::system_error,
                          [](auto const &e) { return e.code().value() == ENOSPC; });
    BOOST_TEST(!free_space("/proc")); // has no limit
    require_free_space("/proc", 1);
    BOOST_CHECK_THROW((void)free_space(folder.path() / "missing"), std::system_error);
}

BOOST_AUTO_TEST_CASE(it_goes_with_its_owner) {
    {
        temporary_file const file(folder.path());
    }
    BOOST_TEST(folder.names().empty());
}

// The lock of a process also holds against its other descriptors, so this is what another process sees.
BOOST_AUTO_TEST_CASE(what_is_held_is_not_abandoned) {
    temporary_file file(folder.path());
    BOOST_TEST(remove_abandoned(folder.path()) == 0U);
    file.write("x");
    file.replace("target");
    BOOST_TEST(get("target") == "x");
}

BOOST_AUTO_TEST_CASE(what_nobody_holds_is_removed_and_nothing_else) {
    for (auto const *name : {".upload-abcdef", ".upload-XXXXXX"}) put(name, "left");
    names const others{".config", ".upload-", ".upload-abcde", ".upload-abcdefg", "binary", "phial-upload-abcdef"};
    for (auto const &name : others) put(name, "mine");
    std::filesystem::create_directory(folder.path() / ".upload-folder");
    std::filesystem::create_symlink(folder.path() / "binary", folder.path() / ".upload-symlnk");
    BOOST_TEST(remove_abandoned(folder.path()) == 2U);
    for (auto const &name : others) BOOST_TEST(get(name) == "mine", name);
    BOOST_TEST(folder.names().size() == others.size() + 2);
    BOOST_TEST(remove_abandoned(folder.path()) == 0U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_none_cannot_be_tidied_up) {
    BOOST_CHECK_THROW(remove_abandoned(folder.path() / "missing"), std::system_error);
}

BOOST_AUTO_TEST_CASE(writes_that_are_short_or_interrupted_go_on) {
    system_calls calls;
    calls.shorten_writes(3);
    calls.fail("write", EINTR, 1);
    temporary_file file(folder.path());
    file.write("0123456789");
    file.replace("target");
    BOOST_TEST(get("target") == "0123456789");
    BOOST_TEST(calls.count("write") == 5U); // 3 + 3 + 3 + 1, and the interrupted one
}

BOOST_AUTO_TEST_CASE(whatever_call_fails_the_old_file_stays_and_nothing_is_left) {
    struct {
        char const *call;
        int error;
        char const *content = "old";
    } const cases[] = {
        {"create", EACCES}, {"create", EMFILE},      {"write", ENOSPC}, {"write", EDQUOT},
        {"write", EFBIG},   {"write", EIO},          {"fsync", EIO},    {"rename", EACCES},
        {"rename", EROFS},  {"open", EMFILE, "new"}, // of the folder, after the rename
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.call << " " << c.error) {
            put("target", "old");
            system_calls calls;
            calls.fail(c.call, c.error);
            BOOST_CHECK_EXCEPTION(
                {
                    temporary_file file(folder.path());
                    file.write("new");
                    file.flush();
                    file.replace("target");
                    file.flush_folder();
                },
                std::system_error,
                [&](std::system_error const &e) {
                    return e.code().value() == c.error &&
                           std::string(e.what()).find(folder.path().string()) != std::string::npos;
                });
            BOOST_TEST(get("target") == c.content);
            BOOST_TEST(folder.names() == names{"target"}, boost::test_tools::per_element());
        }
    }
}

// Another process starts when the file exists but is not locked yet; it is still looking at it, or has removed it.
BOOST_AUTO_TEST_CASE(what_was_taken_for_abandoned_is_made_again) {
    for (bool const still_held : {true, false}) {
        BOOST_TEST_CONTEXT(still_held) {
            system_calls calls;
            std::optional<descriptor> other;
            calls.after_creation([&other, still_held](char const *path) {
                other.emplace(::open(path, O_RDONLY | O_CLOEXEC));
                BOOST_TEST(::flock(other->get(), LOCK_EX | LOCK_NB) == 0);
                std::filesystem::remove(path);
                if (!still_held) other.reset();
            });
            temporary_file file(folder.path());
            BOOST_TEST(calls.count("create") == 2U);
            file.write("x");
            file.replace("target");
            BOOST_TEST(get("target") == "x");
        }
    }
}

BOOST_AUTO_TEST_CASE(it_is_locked_when_it_is_there) {
    temporary_file const file(folder.path());
    auto const path = folder.path() / folder.names().at(0);
    descriptor const same(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    BOOST_TEST(::flock(same.get(), LOCK_EX | LOCK_NB) == -1);
}

BOOST_AUTO_TEST_SUITE_END()
