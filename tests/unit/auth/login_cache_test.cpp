#include "phial/auth/login_cache.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <set>
#include <string>
#include <string_view>

using namespace phial;
using namespace std::chrono_literals;

namespace {

constexpr login_cache::clock::time_point begin{1h};

} // namespace

BOOST_AUTO_TEST_SUITE(remembering_logins)

BOOST_AUTO_TEST_CASE(keys_differ_when_any_part_does_wherever_the_parts_are_cut) {
    login_cache const r(60s);
    using namespace std::string_view_literals;
    std::string_view const parts[][3] = {
        {"a", "hash", "bc"}, {"ab", "hash", "c"}, {"a", "hashb", "c"}, {"", "ahash", "bc"}, {"a", "", "hashbc"},
        {"ahashbc", "", ""}, {"", "", "ahashbc"}, {"", "", ""},        {"", "", "\0"sv},    {"\0"sv, "", ""},
        {"A", "hash", "bc"}, {"a", "Hash", "bc"}, {"a", "hash", "bC"}, {"a", "hash", "bc "}};
    std::set<login_cache::key> keys;
    for (auto const &p : parts) {
        auto const key = r.key_of(p[0], p[1], p[2]);
        BOOST_TEST(keys.insert(key).second);
        BOOST_TEST((key == r.key_of(p[0], p[1], p[2])));
    }
}

BOOST_AUTO_TEST_CASE(another_process_makes_other_keys) {
    login_cache const one(60s);
    login_cache const other(60s);
    BOOST_TEST((one.key_of("a", "b", "c") != other.key_of("a", "b", "c")));
}

BOOST_AUTO_TEST_CASE(only_what_was_added_is_remembered) {
    login_cache r(60s);
    r.add(r.key_of("a", "hash", "p"), begin);
    BOOST_TEST(r.has(r.key_of("a", "hash", "p"), begin));
    BOOST_TEST(!r.has(r.key_of("a", "hash", "q"), begin));
    BOOST_TEST(!r.has(r.key_of("b", "hash", "p"), begin));
    BOOST_TEST(!r.has(r.key_of("a", "other", "p"), begin));
}

BOOST_AUTO_TEST_CASE(it_is_forgotten_when_it_was_not_used_for_that_time) {
    login_cache r(60s);
    auto const key = r.key_of("a", "hash", "p");
    r.add(key, begin);
    BOOST_TEST(r.has(key, begin + 59s));
    BOOST_TEST(r.has(key, begin + 118s)); // used 59 seconds ago
    BOOST_TEST(!r.has(key, begin + 178s));
    BOOST_TEST(!r.has(key, begin + 178s)); // asking for an expired entry is not a use
    r.add(key, begin + 178s);
    BOOST_TEST(r.has(key, begin + 237s));
}

BOOST_AUTO_TEST_CASE(no_more_are_kept_than_the_bound_and_the_least_recently_used_is_evicted) {
    login_cache r(60s, 3);
    auto const key = [&r](int n) { return r.key_of(std::to_string(n), "hash", "p"); };
    for (int n = 0; n < 3; ++n) r.add(key(n), begin + std::chrono::seconds(n));
    BOOST_TEST(r.has(key(0), begin + 5s));
    r.add(key(3), begin + 6s);
    BOOST_TEST(r.size() == 3U);
    BOOST_TEST(!r.has(key(1), begin + 6s));
    for (int const n : {0, 2, 3}) BOOST_TEST_CONTEXT(n) BOOST_TEST(r.has(key(n), begin + 6s));
    r.add(key(3), begin + 7s); // held already
    BOOST_TEST(r.size() == 3U);
    for (int n = 10; n < 1000; ++n) r.add(key(n), begin + 8s);
    BOOST_TEST(r.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_text_has_the_user_of_its_login_while_that_is_remembered) {
    login_cache r(60s);
    auto const text = r.key_of("text");
    auto const login = r.key_of("a", "hash", "p");
    r.link(text, "a", login);
    BOOST_TEST((r.user_of(text, begin) == nullptr));
    r.add(login, begin);
    BOOST_TEST_REQUIRE((r.user_of(text, begin + 59s) != nullptr));
    BOOST_TEST(*r.user_of(text, begin + 59s) == "a");
    BOOST_TEST((r.user_of(r.key_of("other"), begin) == nullptr));
    BOOST_TEST((r.user_of(text, begin + 118s) != nullptr)); // used 59 seconds ago
    BOOST_TEST((r.user_of(text, begin + 178s) == nullptr));
    r.add(login, begin + 178s);
    BOOST_TEST((r.user_of(text, begin + 178s) != nullptr));
    r.unlink_all();
    BOOST_TEST((r.user_of(text, begin + 178s) == nullptr));
    BOOST_TEST(r.has(login, begin + 178s));
}

BOOST_AUTO_TEST_CASE(texts_have_the_same_bound_as_logins) {
    login_cache r(60s, 3);
    auto const login = r.key_of("a", "hash", "p");
    r.add(login, begin);
    auto const text = [&r](int n) { return r.key_of(std::to_string(n)); };
    for (int n = 0; n < 100; ++n) {
        r.link(text(n), "a", login);
        int known = 0;
        for (int i = 0; i <= n; ++i) known += r.user_of(text(i), begin) != nullptr ? 1 : 0;
        BOOST_TEST_CONTEXT(n) BOOST_TEST((known >= 1 && known <= 3));
        BOOST_TEST((r.user_of(text(n), begin) != nullptr));
    }
}

BOOST_AUTO_TEST_CASE(what_is_forgotten_makes_room_before_anything_else) {
    login_cache r(60s, 3);
    auto const key = [&r](int n) { return r.key_of(std::to_string(n), "hash", "p"); };
    r.add(key(0), begin);
    r.add(key(1), begin);
    r.add(key(2), begin + 30s);
    r.add(key(3), begin + 61s);
    BOOST_TEST(r.size() == 2U);
    BOOST_TEST(r.has(key(2), begin + 61s));
    BOOST_TEST(r.has(key(3), begin + 61s));
}

BOOST_AUTO_TEST_SUITE_END()
