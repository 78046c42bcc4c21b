// Users of a password file in tests, and checks of their passwords.
#pragma once

#include "phial/auth/htpasswd_users.hpp"
#include "phial/http/http_error.hpp"
#include "support/support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <latch>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace phial::testing {

inline constexpr char alice[] = "alice:$2y$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S\n"; // wonderland
inline constexpr char alice_again[] = "alice:$2y$04$yy1BGEx9YWL8EkpQrrBVL.eZ8AHfPcvyWg1KdczRvoRek2TU07gPS\n"; // builder
inline constexpr char bob[] = "bob:$2y$04$yy1BGEx9YWL8EkpQrrBVL.eZ8AHfPcvyWg1KdczRvoRek2TU07gPS\n";

inline void write_to(std::filesystem::path const &path, std::string_view content) {
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

inline task<> count(users const &known, std::string from, std::string user, std::string password, outcomes &into) {
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
inline bool check(users const &known, std::string_view user, std::string_view password) {
    static int n = 0;
    fake_request rq("GET", "/");
    rq.client("10.0." + std::to_string(n / 200) + "." + std::to_string(n % 200));
    ++n;
    return run(known.check(rq, user, password));
}

// The status of one check by that client: 200 is right, 401 is wrong.
inline unsigned status(users const &known, std::string_view from, std::string_view user, std::string_view password) {
    fake_request rq("GET", "/");
    rq.client(from);
    try {
        return run(known.check(rq, user, password)) ? 200 : 401;
    } catch (http_error const &e) {
        return e.status();
    }
}

struct htpasswd_fixture {
    temporary_folder folder;
    std::string path = (folder.path() / "users").string();
    memory_log records;
    logger log{records};
    worker_pool checks{1};
    worker_pool files{1};
    networks const proxies;
    clients known{{}, proxies};

    htpasswd_fixture() { write_to(path, alice); }

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
inline outcomes all_at_once(htpasswd_users const &f, int n, std::string const &user, std::string const &password,
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

} // namespace phial::testing
