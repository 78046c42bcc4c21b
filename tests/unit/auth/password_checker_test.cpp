// The order: first the table, then the cache, then a hash.
#include "phial/auth/htpasswd_users.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace phial;
using namespace std::chrono_literals;

namespace {

constexpr char alice[] = "alice:$2y$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S\n";       // wonderland
constexpr char alice_again[] = "alice:$2y$04$yy1BGEx9YWL8EkpQrrBVL.eZ8AHfPcvyWg1KdczRvoRek2TU07gPS\n"; // builder
constexpr char bob[] = "bob:$2y$04$yy1BGEx9YWL8EkpQrrBVL.eZ8AHfPcvyWg1KdczRvoRek2TU07gPS\n";

std::shared_ptr<htpasswd_table const> table(std::string const &text) {
    return std::make_shared<htpasswd_table const>(htpasswd_table::parse(text, "users"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(checking_passwords)

BOOST_AUTO_TEST_CASE(each_user_has_the_password_of_the_table) {
    password_checker c(table(std::string(alice) + bob));
    struct {
        std::string_view user, password;
        bool right;
    } const cases[] = {
        {"alice", "wonderland", true},   {"bob", "builder", true},       {"alice", "builder", false},
        {"bob", "wonderland", false},    {"alice", "", false},           {"", "", false},
        {"nobody", "wonderland", false}, {"Alice", "wonderland", false}, {"admin", "secret", false},
    };
    for (auto const &k : cases)
        BOOST_TEST_CONTEXT(k.user << ":" << k.password) BOOST_TEST(c.is_right(k.user, k.password) == k.right);
    BOOST_TEST(c.users() == 2U);
}

BOOST_AUTO_TEST_CASE(what_was_right_is_hashed_once) {
    password_checker c(table(alice));
    BOOST_TEST(!c.remembers("alice", "wonderland"));
    for (int i = 0; i < 3; ++i) BOOST_TEST(c.is_right("alice", "wonderland"));
    BOOST_TEST(c.remembers("alice", "wonderland"));
    BOOST_TEST(c.hashes() == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_wrong_is_hashed_each_time_for_known_and_unknown_users) {
    password_checker c(table(alice));
    BOOST_TEST(c.is_right("alice", "wonderland"));
    std::uint64_t hashes = 1;
    for (auto const *user : {"alice", "nobody"})
        for (int i = 0; i < 3; ++i) {
            BOOST_TEST(!c.is_right(user, "wrong"));
            BOOST_TEST(!c.remembers(user, "wrong"));
            BOOST_TEST(c.hashes() == ++hashes);
        }
}

BOOST_AUTO_TEST_CASE(what_is_remembered_is_forgotten_in_time) {
    password_checker c(table(alice), 0s);
    BOOST_TEST(c.is_right("alice", "wonderland"));
    BOOST_TEST(!c.remembers("alice", "wonderland"));
    BOOST_TEST(c.is_right("alice", "wonderland"));
    BOOST_TEST(c.hashes() == 2U);
}

BOOST_AUTO_TEST_CASE(credentials_as_they_were_sent_are_recognised_while_their_login_is_remembered) {
    password_checker c(table(std::string(alice) + bob));
    c.recognise("sent", "alice", "wonderland");
    BOOST_TEST(!c.recall("sent").has_value()); // it was never checked
    BOOST_TEST(c.is_right("alice", "wonderland"));
    BOOST_TEST(!c.recall("sent").has_value());
    for (auto const *wrong : {"builder", "wonderland "}) c.recognise("sent", "alice", wrong);
    c.recognise("sent", "bob", "wonderland");
    c.recognise("sent", "nobody", "wonderland");
    BOOST_TEST(!c.recall("sent").has_value());
    c.recognise("sent", "alice", "wonderland");
    BOOST_TEST((c.recall("sent") == "alice"));
    for (auto const *other : {"", "sen", "sent ", "Sent"}) BOOST_TEST(!c.recall(other).has_value());
    BOOST_TEST(c.hashes() == 1U);
}

BOOST_AUTO_TEST_CASE(credentials_are_recognised_only_with_the_table_they_were_right_with) {
    password_checker c(table(alice));
    auto const log_in = [&](std::string_view password) {
        auto const right = c.is_right("alice", password);
        c.recognise("sent", "alice", password);
        return right;
    };
    BOOST_TEST(log_in("wonderland"));
    c.replace(table(alice_again));
    BOOST_TEST(!c.recall("sent").has_value());
    BOOST_TEST(!log_in("wonderland"));
    BOOST_TEST(!c.recall("sent").has_value());
    c.replace(table(bob));
    BOOST_TEST(!log_in("wonderland"));
    BOOST_TEST(!c.recall("sent").has_value());
    c.replace(table(alice));
    BOOST_TEST(!c.recall("sent").has_value());
    BOOST_TEST(log_in("wonderland"));
    BOOST_TEST((c.recall("sent") == "alice"));
}

BOOST_AUTO_TEST_CASE(another_table_counts_at_once_for_what_is_remembered_too) {
    password_checker c(table(alice));
    BOOST_TEST(c.is_right("alice", "wonderland"));
    c.replace(table(bob)); // alice was removed
    BOOST_TEST(!c.remembers("alice", "wonderland"));
    BOOST_TEST(!c.is_right("alice", "wonderland"));
    BOOST_TEST(c.is_right("bob", "builder"));
    c.replace(table(alice_again)); // or has another password
    BOOST_TEST(!c.remembers("alice", "wonderland"));
    BOOST_TEST(!c.is_right("alice", "wonderland"));
    BOOST_TEST(c.is_right("alice", "builder"));
    BOOST_TEST(c.users() == 1U);
    c.replace(table(alice)); // what was right is right again
    BOOST_TEST(c.remembers("alice", "wonderland"));
}

BOOST_AUTO_TEST_CASE(threads_may_ask_while_the_table_is_replaced) {
    password_checker c(table(std::string(alice) + bob));
    std::atomic<bool> end = false;
    std::atomic<int> wrong = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            while (!end)
                if (!c.is_right("bob", "builder") || c.is_right("alice", "builder")) ++wrong;
        });
    for (int i = 0; i < 50; ++i) c.replace(table(i % 2 == 0 ? std::string(bob) : std::string(alice) + bob));
    end = true;
    threads.clear();
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
