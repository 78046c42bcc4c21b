// What a change of the password file does.
#include "unit/auth/known_users.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(htpasswd_changes, htpasswd_fixture)

BOOST_AUTO_TEST_CASE(a_file_that_stays_is_not_read_again) {
    auto f = make();
    look(f, 5);
    BOOST_TEST(records.records().empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_was_only_touched_is_not_logged) {
    auto f = make();
    replace(f, alice); // as kubelet does when it sets the owner of a volume's files: another stamp, the same content
    BOOST_TEST(records.records().empty());
    replace(f, "x\n");
    replace(f, alice);
    BOOST_TEST((logged(severity::info) == std::vector<std::string>{"password file " + path + ": valid again, 1 user"}));
}

BOOST_AUTO_TEST_CASE(a_changed_file_holds_from_the_second_look_on_for_remembered_passwords_too) {
    auto f = make();
    BOOST_TEST(check(f, "alice", "wonderland"));
    write_to(path, alice_again);
    look(f);
    BOOST_TEST(check(f, "alice", "wonderland")); // the file may be incomplete yet
    look(f);
    BOOST_TEST(!check(f, "alice", "wonderland"));
    BOOST_TEST(check(f, "alice", "builder"));
    replace(f, std::string(bob) + alice_again);
    BOOST_TEST(check(f, "bob", "builder"));
    replace(f, bob);
    BOOST_TEST(!check(f, "alice", "builder"));
    look(f, 3);
    BOOST_TEST((logged(severity::info) == std::vector<std::string>{"password file " + path + ": read again, 1 user",
                                                                   "password file " + path + ": read again, 2 users",
                                                                   "password file " + path + ": read again, 1 user"}));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_being_written_is_left_alone) {
    auto f = make();
    std::string content;
    for (int i = 0; i < 5; ++i) {
        write_to(path, content += '#');
        look(f);
    }
    BOOST_TEST(records.records().empty());
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_that_is_swapped_is_followed_as_kubernetes_does_it) {
    namespace fs = std::filesystem;
    auto const mount = folder.path() / "mount";
    for (auto const &[version, content] : {std::pair("..2026_1", alice), std::pair("..2026_2", bob)}) {
        fs::create_directories(mount / version);
        write_to(mount / version / "users", content);
    }
    fs::create_directory_symlink("..2026_1", mount / "..data");
    fs::create_symlink("..data/users", mount / "users");
    path = (mount / "users").string();
    auto f = make();
    BOOST_TEST(check(f, "alice", "wonderland"));
    fs::create_directory_symlink("..2026_2", mount / "..data_tmp");
    fs::rename(mount / "..data_tmp", mount / "..data");
    fs::remove_all(mount / "..2026_1");
    look(f, 2);
    BOOST_TEST(!check(f, "alice", "wonderland"));
    BOOST_TEST(check(f, "bob", "builder"));
}

BOOST_AUTO_TEST_CASE(a_broken_file_keeps_what_was_read_before_and_is_logged_once) {
    auto f = make();
    std::string bad;
    for (int i = 1; i <= 8; ++i) bad += "x\n";
    replace(f, bad);
    look(f, 3);
    BOOST_TEST(check(f, "alice", "wonderland"));
    auto const errors = logged(severity::error);
    BOOST_TEST_REQUIRE(errors.size() == 1U);
    std::string told = "password file not accepted: ";
    for (int i = 1; i <= 5; ++i)
        told += path + ", line " + std::to_string(i) + ": there is no colon; lines are name:hash; ";
    BOOST_TEST(errors.front() == told + "and 3 more. The previous 1 user remains valid");

    replace(f, bad); // another change, the same mistakes
    BOOST_TEST(logged(severity::error).size() == 2U);
    std::filesystem::remove(path);
    look(f, 3);
    BOOST_TEST(logged(severity::error).size() == 3U);
    BOOST_TEST(logged(severity::error).back().find("No such file") != std::string::npos);
    BOOST_TEST(check(f, "alice", "wonderland"));

    replace(f, bob);
    BOOST_TEST(!check(f, "alice", "wonderland"));
    BOOST_TEST(check(f, "bob", "builder"));
    BOOST_TEST(logged(severity::error).size() == 3U);
    BOOST_TEST(logged(severity::info).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_that_comes_back_as_it_was_ends_the_trouble) {
    namespace fs = std::filesystem;
    write_to(path + ".bad", "x\n");
    auto const lead_to = [link = path + ".link"](std::string const &target) {
        fs::remove(link);
        fs::create_symlink(target, link);
    };
    auto const good = path;
    lead_to(good);
    path += ".link";
    auto f = make();
    for (int i = 0; i < 2; ++i) {
        lead_to(good + ".bad");
        look(f, 2);
        lead_to(good);
        look(f, 2);
    }
    BOOST_TEST(
        (logged(severity::info) == std::vector<std::string>(2, "password file " + path + ": valid again, 1 user")));
    BOOST_TEST(logged(severity::error).size() == 2U);
    BOOST_TEST(check(f, "alice", "wonderland"));
}

BOOST_AUTO_TEST_CASE(one_look_at_a_time_is_taken) {
    auto f = make();
    std::optional<blocked> pool(std::in_place, files);
    for (int i = 0; i < 10; ++i) f.look_again();
    BOOST_TEST(files.current_load().queued == 1U);
    pool.reset();
    files.wait_until_idle();
    f.look_again();
    files.wait_until_idle();
}

BOOST_AUTO_TEST_CASE(a_look_that_does_not_end_is_reported_once_and_so_is_its_end) {
    auto f = make({.longest_look = {}});
    BOOST_TEST(f.stalled_for().count() == 0);
    std::optional<blocked> pool(std::in_place, files);
    for (int i = 0; i < 10; ++i) f.look_again();
    BOOST_TEST(f.stalled_for().count() > 0);
    auto const errors = logged(severity::error);
    BOOST_TEST_REQUIRE(errors.size() == 1U);
    BOOST_TEST(errors[0] == "password file " + path +
                                ": reading it has taken 0 s: its disk is stalled. "
                                "The previous users remain valid");
    pool.reset();
    files.wait_until_idle();
    BOOST_TEST(f.stalled_for().count() == 0);
    BOOST_TEST(
        (logged(severity::info) == std::vector<std::string>{"password file " + path + ": its disk responds again"}));
    look(f, 3);
    BOOST_TEST(logged(severity::info).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_look_that_takes_a_while_is_not_an_error) {
    auto f = make();
    std::optional<blocked> pool(std::in_place, files);
    for (int i = 0; i < 10; ++i) f.look_again();
    pool.reset();
    files.wait_until_idle();
    BOOST_TEST(records.records().empty());
}

BOOST_AUTO_TEST_CASE(the_file_is_looked_at_while_all_checks_wait) {
    auto f = make();
    blocked const pool(checks);
    replace(f, bob);
    BOOST_TEST(logged(severity::info).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
