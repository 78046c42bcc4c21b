// Users from a file: what runs where, how much may wait, and what a change of the file does.
#include "auth/password_file.hpp"

#include "http/http_error.hpp"
#include "support/support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::chrono_literals;

namespace {

constexpr char alice[] = "alice:$2y$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S\n";       // wonderland
constexpr char alice_again[] = "alice:$2y$04$yy1BGEx9YWL8EkpQrrBVL.eZ8AHfPcvyWg1KdczRvoRek2TU07gPS\n"; // builder
constexpr char bob[] = "bob:$2y$04$yy1BGEx9YWL8EkpQrrBVL.eZ8AHfPcvyWg1KdczRvoRek2TU07gPS\n";

void write_to(std::filesystem::path const &path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
}

// Keeps the one thread of a pool busy until it goes out of scope.
class blocked {
  public:
    explicit blocked(worker_pool &pool) {
        auto const begun = std::make_shared<std::latch>(1);
        pool.submit([begun, released = released_]() noexcept {
            begun->count_down();
            released->wait();
        });
        begun->wait();
    }
    ~blocked() { released_->count_down(); }
    blocked(blocked const &) = delete;
    blocked &operator=(blocked const &) = delete;

  private:
    std::shared_ptr<std::latch> released_ =
        std::make_shared<std::latch>(1); // the thread may look at it longer than we do
};

// What checks on one loop came to, in any order.
struct outcomes {
    int right = 0;
    int wrong = 0;
    int refused = 0;
};

task<> count(users const &known, std::string user, std::string password, outcomes &into) {
    try {
        bool const is_right = co_await known.check(user, password);
        ++(is_right ? into.right : into.wrong);
    } catch (http_error const &e) {
        BOOST_TEST(e.status() == 503U);
        BOOST_TEST((e.headers() == std::vector<std::pair<std::string, std::string>>{{"Retry-After", "1"}}));
        ++into.refused;
    }
}

struct fixture {
    temporary_folder folder;
    std::string path = (folder.path() / "users").string();
    memory_log records;
    logger log{records};
    worker_pool checks{1};
    worker_pool files{1};

    fixture() { write_to(path, alice); }

    password_file make(password_limits limits = {}) { return {path, read_passwords(path), checks, files, log, limits}; }

    void look(password_file &f, int times = 1) {
        for (int i = 0; i < times; ++i) {
            f.look_again();
            files.wait_until_idle();
        }
    }

    // A file that has not changed between two looks is read by the second.
    void replace(password_file &f, std::string_view content) {
        auto const next = path + ".next";
        write_to(next, content);
        std::filesystem::rename(next, path);
        look(f, 2);
    }

    std::vector<std::string> logged(severity level) const {
        std::vector<std::string> out;
        for (auto const &[of, text] : records.records())
            if (of == level) out.push_back(text);
        return out;
    }
};

// Starts them all, then does `meanwhile`, then runs to the end.
outcomes all_at_once(password_file const &f, int n, std::string const &user, std::string const &password,
                     std::function<void()> const &meanwhile) {
    outcomes out;
    boost::asio::io_context on{1};
    for (int i = 0; i < n; ++i)
        boost::asio::co_spawn(on.get_executor(), count(f, user, password, out), boost::asio::detached);
    on.poll();
    meanwhile();
    on.run();
    return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(password_files, fixture)

BOOST_AUTO_TEST_CASE(passwords_are_checked_against_the_file) {
    auto const f = make();
    BOOST_TEST(run(f.check("alice", "wonderland")));
    BOOST_TEST(!run(f.check("alice", "wrong")));
    BOOST_TEST(!run(f.check("nobody", "wonderland")));
    BOOST_TEST(!run(f.check("admin", "secret")));
    BOOST_TEST(!run(f.check("", "")));
    BOOST_TEST(f.hashes() == 5U);
}

BOOST_AUTO_TEST_CASE(a_password_with_nul_or_too_long_is_wrong_without_a_hash) {
    auto const f = make();
    BOOST_TEST(!run(f.check("alice", std::string_view("wonderland\0", 11))));
    BOOST_TEST(!run(f.check("alice", std::string_view("\0", 1))));
    BOOST_TEST(!run(f.check("alice", std::string(512, 'x'))));
    BOOST_TEST(f.hashes() == 0U);
    BOOST_TEST(!run(f.check("alice", std::string(511, 'x'))));
    BOOST_TEST(f.hashes() == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_right_is_answered_without_the_pool) {
    auto const f = make();
    BOOST_TEST(run(f.check("alice", "wonderland")));
    blocked const pool(checks);
    BOOST_TEST(run(f.check("alice", "wonderland")));
    BOOST_TEST(f.hashes() == 1U);
}

BOOST_AUTO_TEST_CASE(a_herd_with_the_same_password_hashes_once) {
    auto const f = make();
    std::optional<blocked> pool(std::in_place, checks);
    auto const out = all_at_once(f, 20, "alice", "wonderland", [&] { pool.reset(); });
    BOOST_TEST(out.right == 20);
    BOOST_TEST(f.hashes() == 1U);
}

BOOST_AUTO_TEST_CASE(more_checks_than_may_wait_are_refused_with_503) {
    auto const f = make();
    std::optional<blocked> pool(std::in_place, checks);
    auto const out = all_at_once(f, 100, "alice", "wrong", [&] {
        BOOST_TEST(checks.current_load().queued == 64U);
        pool.reset();
    });
    BOOST_TEST(out.refused == 36);
    BOOST_TEST(out.wrong == 64);
    BOOST_TEST(f.hashes() == 64U);
    BOOST_TEST(!run(f.check("alice", "wrong"))); // there is room again
}

BOOST_AUTO_TEST_CASE(a_check_that_waited_too_long_is_refused) {
    auto const late = make({.longest_wait = -1s});
    auto const out = all_at_once(late, 3, "alice", "wonderland", [] {});
    BOOST_TEST(out.refused == 3);
    BOOST_TEST(late.hashes() == 0U);
}

BOOST_AUTO_TEST_CASE(checks_that_wait_when_the_service_ends_make_no_hash) {
    auto f = make();
    std::optional<blocked> pool(std::in_place, checks);
    auto const out = all_at_once(f, 10, "alice", "wonderland", [&] {
        f.give_up();
        pool.reset();
    });
    BOOST_TEST(out.refused == 10);
    BOOST_TEST(f.hashes() == 0U);
}

BOOST_AUTO_TEST_CASE(jobs_on_the_pools_need_it_no_more) {
    std::optional<password_file> f(std::in_place, path, read_passwords(path), checks, files, log);
    boost::asio::io_context on{1};
    {
        blocked const first(checks);
        blocked const second(files);
        outcomes out;
        boost::asio::co_spawn(on.get_executor(), count(*f, "alice", "wrong", out), boost::asio::detached);
        on.poll();
        f->look_again();
        f.reset();
    }
    checks.wait_until_idle();
    files.wait_until_idle();
    BOOST_TEST(records.records().empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_stays_is_not_read_again) {
    auto f = make();
    look(f, 5);
    BOOST_TEST(records.records().empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_was_only_touched_is_no_news) {
    auto f = make();
    replace(f, alice); // as kubelet does when it looks after a volume's owner: another stamp, the same content
    BOOST_TEST(records.records().empty());
    replace(f, "x\n");
    replace(f, alice);
    BOOST_TEST((logged(severity::info) == std::vector<std::string>{"password file " + path + ": right again, 1 user"}));
}

BOOST_AUTO_TEST_CASE(a_changed_file_holds_from_the_second_look_on_for_remembered_passwords_too) {
    auto f = make();
    BOOST_TEST(run(f.check("alice", "wonderland")));
    write_to(path, alice_again);
    look(f);
    BOOST_TEST(run(f.check("alice", "wonderland"))); // it may still be written
    look(f);
    BOOST_TEST(!run(f.check("alice", "wonderland")));
    BOOST_TEST(run(f.check("alice", "builder")));
    replace(f, std::string(bob) + alice_again);
    BOOST_TEST(run(f.check("bob", "builder")));
    replace(f, bob);
    BOOST_TEST(!run(f.check("alice", "builder")));
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
    BOOST_TEST(run(f.check("alice", "wonderland")));
    fs::create_directory_symlink("..2026_2", mount / "..data_tmp");
    fs::rename(mount / "..data_tmp", mount / "..data");
    fs::remove_all(mount / "..2026_1");
    look(f, 2);
    BOOST_TEST(!run(f.check("alice", "wonderland")));
    BOOST_TEST(run(f.check("bob", "builder")));
}

BOOST_AUTO_TEST_CASE(a_broken_file_keeps_what_was_read_before_and_is_logged_once) {
    auto f = make();
    std::string bad;
    for (int i = 1; i <= 8; ++i) bad += "x\n";
    replace(f, bad);
    look(f, 3);
    BOOST_TEST(run(f.check("alice", "wonderland")));
    auto const errors = logged(severity::error);
    BOOST_TEST_REQUIRE(errors.size() == 1U);
    std::string told = "password file not taken: ";
    for (int i = 1; i <= 5; ++i)
        told += path + ", line " + std::to_string(i) + ": there is no colon; lines are name:hash; ";
    BOOST_TEST(errors.front() == told + "and 3 more. The 1 user read before still hold");

    replace(f, bad); // another change, the same mistakes
    BOOST_TEST(logged(severity::error).size() == 2U);
    std::filesystem::remove(path);
    look(f, 3);
    BOOST_TEST(logged(severity::error).size() == 3U);
    BOOST_TEST(logged(severity::error).back().find("No such file") != std::string::npos);
    BOOST_TEST(run(f.check("alice", "wonderland")));

    replace(f, bob);
    BOOST_TEST(!run(f.check("alice", "wonderland")));
    BOOST_TEST(run(f.check("bob", "builder")));
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
        (logged(severity::info) == std::vector<std::string>(2, "password file " + path + ": right again, 1 user")));
    BOOST_TEST(logged(severity::error).size() == 2U);
    BOOST_TEST(run(f.check("alice", "wonderland")));
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

BOOST_AUTO_TEST_CASE(a_look_that_does_not_end_is_told_once_and_so_is_its_end) {
    auto f = make({.longest_look = {}});
    BOOST_TEST(f.stalled_for().count() == 0);
    std::optional<blocked> pool(std::in_place, files);
    for (int i = 0; i < 10; ++i) f.look_again();
    BOOST_TEST(f.stalled_for().count() > 0);
    auto const errors = logged(severity::error);
    BOOST_TEST_REQUIRE(errors.size() == 1U);
    BOOST_TEST(errors[0] == "password file " + path +
                                ": a look at it has had no answer for 0 s: its disk stands still. "
                                "The users read before still hold");
    pool.reset();
    files.wait_until_idle();
    BOOST_TEST(f.stalled_for().count() == 0);
    BOOST_TEST(
        (logged(severity::info) == std::vector<std::string>{"password file " + path + ": its disk answers again"}));
    look(f, 3);
    BOOST_TEST(logged(severity::info).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_look_that_takes_a_while_is_no_error) {
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
