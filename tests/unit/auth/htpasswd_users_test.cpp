// What runs on which pool, how many checks may wait, and what a change of the file does.
#include "phial/auth/htpasswd_users.hpp"

#include "phial/http/http_error.hpp"
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

// Keeps the only thread of a pool busy while it lives.
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
        std::make_shared<std::latch>(1); // the thread may use it after this is destroyed
};

// The results of checks on one loop, in any order.
struct outcomes {
    int right = 0;
    int wrong = 0;
    int refused = 0;    // 429
    int overloaded = 0; // 503
};

task<> count(users const &known, std::string from, std::string user, std::string password, outcomes &into) {
    fake_request rq("GET", "/");
    rq.client(from);
    try {
        bool const is_right = co_await known.check(rq, user, password);
        ++(is_right ? into.right : into.wrong);
    } catch (http_error const &e) {
        BOOST_TEST_REQUIRE(e.headers().size() == 1U);
        BOOST_TEST(e.headers().front().first == "Retry-After");
        ++(e.status() == 503 ? into.overloaded : into.refused);
    }
}

// One check by a new client, which need not back off.
bool check(users const &known, std::string_view user, std::string_view password) {
    static int n = 0;
    fake_request rq("GET", "/");
    rq.client("10.0." + std::to_string(n / 200) + "." + std::to_string(n % 200));
    ++n;
    return run(known.check(rq, user, password));
}

// The status of one check by that client: 200 is right, 401 is wrong.
unsigned status(users const &known, std::string_view from, std::string_view user, std::string_view password) {
    fake_request rq("GET", "/");
    rq.client(from);
    try {
        return run(known.check(rq, user, password)) ? 200 : 401;
    } catch (http_error const &e) {
        return e.status();
    }
}

struct fixture {
    temporary_folder folder;
    std::string path = (folder.path() / "users").string();
    memory_log records;
    logger log{records};
    worker_pool checks{1};
    worker_pool files{1};
    networks const proxies;
    clients known{{}, proxies};

    fixture() { write_to(path, alice); }

    htpasswd_users make(htpasswd_limits limits = {}) {
        return {path, read_htpasswd(path), checks, files, known, nullptr, log, limits};
    }

    void look(htpasswd_users &f, int times = 1) {
        for (int i = 0; i < times; ++i) {
            f.look_again();
            files.wait_until_idle();
        }
    }

    // The second look reads a file that has not changed since the first.
    void replace(htpasswd_users &f, std::string_view content) {
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
outcomes all_at_once(htpasswd_users const &f, int n, std::string const &user, std::string const &password,
                     std::function<void()> const &meanwhile) {
    outcomes out;
    boost::asio::io_context on{1};
    for (int i = 0; i < n; ++i)
        boost::asio::co_spawn(on.get_executor(), count(f, "192.0.2.1", user, password, out), boost::asio::detached);
    on.poll();
    meanwhile();
    on.run();
    return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(users_of_htpasswd, fixture)

BOOST_AUTO_TEST_CASE(passwords_are_checked_against_the_file) {
    auto const f = make();
    BOOST_TEST(check(f, "alice", "wonderland"));
    BOOST_TEST(!check(f, "alice", "wrong"));
    BOOST_TEST(!check(f, "nobody", "wonderland"));
    BOOST_TEST(!check(f, "admin", "secret"));
    BOOST_TEST(!check(f, "", ""));
    BOOST_TEST(f.hashes() == 5U);
}

BOOST_AUTO_TEST_CASE(a_password_with_nul_or_too_long_is_wrong_without_a_hash) {
    auto const f = make();
    BOOST_TEST(!check(f, "alice", std::string_view("wonderland\0", 11)));
    BOOST_TEST(!check(f, "alice", std::string_view("\0", 1)));
    BOOST_TEST(!check(f, "alice", std::string(512, 'x')));
    BOOST_TEST(f.hashes() == 0U);
    BOOST_TEST(!check(f, "alice", std::string(511, 'x')));
    BOOST_TEST(f.hashes() == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_right_is_answered_without_the_pool) {
    auto const f = make();
    BOOST_TEST(check(f, "alice", "wonderland"));
    blocked const pool(checks);
    BOOST_TEST(check(f, "alice", "wonderland"));
    BOOST_TEST(f.hashes() == 1U);
}

BOOST_AUTO_TEST_CASE(a_herd_with_the_same_password_hashes_once) {
    auto const f = make();
    std::optional<blocked> pool(std::in_place, checks);
    auto const out = all_at_once(f, 20, "alice", "wonderland", [&] { pool.reset(); });
    BOOST_TEST(out.right == 20);
    BOOST_TEST(f.hashes() == 1U);
}

BOOST_AUTO_TEST_CASE(of_one_client_64_checks_wait_and_after_ten_failures_those_that_wait_are_refused) {
    auto const f = make();
    std::optional<blocked> pool(std::in_place, checks);
    auto const out = all_at_once(f, 100, "alice", "wrong", [&] {
        BOOST_TEST(f.waiting() == 64U);
        BOOST_TEST(checks.current_load().queued == 1U); // its one turn
        pool.reset();
    });
    BOOST_TEST(out.wrong == 10);
    BOOST_TEST(out.refused == 90);
    BOOST_TEST(out.overloaded == 0);
    BOOST_TEST(f.hashes() == 10U);
    BOOST_TEST(check(f, "alice", "wonderland")); // another client
}

BOOST_AUTO_TEST_CASE(a_client_backs_off_from_its_tenth_failure_on_and_others_do_not) {
    auto const f = make();
    for (int i = 0; i < 10; ++i) BOOST_TEST(status(f, "192.0.2.1", i % 2 == 0 ? "alice" : "nobody", "wrong") == 401U);
    BOOST_TEST(status(f, "192.0.2.1", "alice", "wrong") == 429U);
    BOOST_TEST(status(f, "192.0.2.1", "alice", "wonderland") == 429U); // not remembered, so it is not checked
    BOOST_TEST(status(f, "192.0.2.1", "alice", std::string(512, 'x')) == 429U);
    BOOST_TEST(f.hashes() == 10U);
    BOOST_TEST(status(f, "192.0.2.2", "alice", "wrong") == 401U);
    BOOST_TEST(status(f, "192.0.2.2", "alice", "wonderland") == 200U); // the user is not locked
    // Remembered now, and a right login: it ends the row of failures.
    BOOST_TEST(status(f, "192.0.2.1", "alice", "wonderland") == 200U);
    BOOST_TEST(status(f, "192.0.2.1", "alice", "wrong") == 401U);
}

BOOST_AUTO_TEST_CASE(a_right_login_ends_the_row_of_failures) {
    auto const f = make({.remembered = 0s}); // each costs a hash
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 9; ++i) BOOST_TEST(status(f, "192.0.2.1", "alice", "wrong") == 401U);
        BOOST_TEST(status(f, "192.0.2.1", "alice", "wonderland") == 200U);
    }
    BOOST_TEST(known.size() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_without_a_hash_is_a_failure_too) {
    auto const f = make();
    for (int i = 0; i < 10; ++i) BOOST_TEST(status(f, "192.0.2.1", "alice", std::string(512, 'x')) == 401U);
    BOOST_TEST(status(f, "192.0.2.1", "alice", std::string(512, 'x')) == 429U);
    BOOST_TEST(f.hashes() == 0U);
}

BOOST_AUTO_TEST_CASE(a_check_that_waited_too_long_is_refused) {
    auto const f = make({.turns = {.longest_wait = 1ms}});
    std::optional<blocked> pool(std::in_place, checks);
    outcomes out;
    boost::asio::io_context on{1};
    for (int i = 0; i < 3; ++i)
        boost::asio::co_spawn(on.get_executor(), count(f, "192.0.2.1", "alice", "wonderland", out),
                              boost::asio::detached);
    while (out.overloaded != 2) on.run_one();
    pool.reset();
    on.run();
    BOOST_TEST(out.right == 1); // it had its turn
    BOOST_TEST(out.overloaded == 2);
}

BOOST_AUTO_TEST_CASE(checks_that_wait_when_the_service_ends_make_no_hash) {
    auto f = make();
    std::optional<blocked> pool(std::in_place, checks);
    auto const out = all_at_once(f, 10, "alice", "wonderland", [&] {
        f.give_up();
        pool.reset();
    });
    BOOST_TEST(out.overloaded == 9);
    BOOST_TEST(out.right == 1);                  // it was under way
    BOOST_TEST(check(f, "alice", "wonderland")); // remembered: no turn is needed
    BOOST_TEST(status(f, "192.0.2.1", "alice", "wrong") == 503U);
}

BOOST_AUTO_TEST_CASE(jobs_on_the_pools_need_it_no_longer) {
    std::optional<htpasswd_users> f(std::in_place, path, read_htpasswd(path), checks, files, known, nullptr, log);
    boost::asio::io_context on{1};
    {
        blocked const first(checks);
        blocked const second(files);
        outcomes out;
        boost::asio::co_spawn(on.get_executor(), count(*f, "192.0.2.1", "alice", "wrong", out), boost::asio::detached);
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
