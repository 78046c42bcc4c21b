// The text of an htpasswd file, and everything that can be wrong with it.
#include "phial/auth/htpasswd.hpp"

#include "phial/auth/bcrypt.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace phial;

namespace {

constexpr std::string_view wonderland = "$2y$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S";
constexpr std::string_view builder = "$2y$04$yy1BGEx9YWL8EkpQrrBVL.eZ8AHfPcvyWg1KdczRvoRek2TU07gPS";

std::string line(std::string_view name, std::string_view hash = wonderland) {
    return std::string(name) + ':' + std::string(hash) + '\n';
}

std::string with_cost(std::string_view cost) { return std::string(wonderland).replace(4, 2, cost); }

htpasswd_table parse(std::string const &text) { return htpasswd_table::parse(text, "/etc/phial users"); }

std::vector<std::string> mistakes(std::string const &text) {
    try {
        (void)parse(text);
        return {};
    } catch (htpasswd_error const &e) {
        BOOST_TEST(e.what() == e.mistakes().front());
        BOOST_TEST(e.more() == 0U);
        return e.mistakes();
    }
}

bool contains(std::string_view all, std::string_view part) { return all.find(part) != all.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(htpasswd_tables)

BOOST_AUTO_TEST_CASE(users_and_their_hashes_are_read) {
    auto const table = parse("# our users\n" + line("alice") + "\n\r\n#" + line("carol") + line("bob", builder));
    BOOST_TEST(table.size() == 2U);
    BOOST_TEST_REQUIRE(table.find("alice"));
    BOOST_TEST(*table.find("alice") == wonderland);
    BOOST_TEST_REQUIRE(table.find("bob"));
    BOOST_TEST(*table.find("bob") == builder);
    for (auto const *nobody : {"", "Alice", "alice ", "carol", "#carol", "alic", "bob:"})
        BOOST_TEST_CONTEXT(nobody) BOOST_TEST(!table.find(nobody));
}

BOOST_AUTO_TEST_CASE(lines_may_end_with_cr_lf_and_the_last_with_nothing) {
    auto const windows = "alice:" + std::string(wonderland) + "\r\nbob:" + std::string(builder) + "\r\n";
    for (auto const &text : {windows, windows.substr(0, windows.size() - 1), windows.substr(0, windows.size() - 2)}) {
        auto const table = parse(text);
        BOOST_TEST(table.size() == 2U);
        BOOST_TEST(*table.find("alice") == wonderland);
        BOOST_TEST(*table.find("bob") == builder);
    }
}

BOOST_AUTO_TEST_CASE(names_may_hold_what_a_client_can_send) {
    std::string const longest(255, 'n');
    for (std::string const name :
         {"a", "a b", " a ", "a@b.example", "a'b", "\u00E9\u4E2D", "-a", "a#", longest.c_str()})
        BOOST_TEST_CONTEXT(name) BOOST_TEST(parse(line(name)).find(name));
}

BOOST_AUTO_TEST_CASE(each_mistake_is_reported_with_its_line_and_what_to_do) {
    auto const remedy = "Replace the line: htpasswd -B -C 10 '/etc/phial users' alice";
    struct {
        std::string bad;
        std::vector<std::string> parts;
    } const cases[] = {
        {line("alice", "$apr1$ONTar0vy$fVrAm6BaMo6v/GW4EYwJD."), {"Apache's MD5 ($apr1$", remedy}},
        {line("alice", "{SHA}6dcfXufJLW3J6S/9rRe4vUlBj5g="), {"SHA-1 ({SHA}", remedy}},
        {line("alice", "{SSHA}6dcfXufJLW3J6S/9rRe4vUlBj5g="), {"salted SHA-1 ({SSHA}", remedy}},
        {line("alice", "$2a$" + std::string(wonderland.substr(4))), {"($2a$; only $2y$ is accepted)", remedy}},
        {line("alice", "$2b$" + std::string(wonderland.substr(4))), {"($2b$; only $2y$ is accepted)", remedy}},
        {line("alice", "$2x$" + std::string(wonderland.substr(4))), {"($2x$; only $2y$ is accepted)", remedy}},
        {line("alice", "$1$salt$qJH7.N4xYta3aEG/dfqo/0"), {"MD5 ($1$)", remedy}},
        {line("alice", "$5$salt$Gcm6FsVtF/Qa77ZKD.iwsJlCVPY0XSMgLJL0Hnww/c1"), {"SHA-256 ($5$)", remedy}},
        {line("alice", "$6$salt$IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwM"), {"SHA-512 ($6$)", remedy}},
        {line("alice", "$7$CU..../....salt$hash"), {"scrypt ($7$)", remedy}},
        {line("alice", "$y$j9T$salt$hash"), {"yescrypt ($y$)", remedy}},
        {line("alice", "$gy$j9T$salt$hash"), {"gost-yescrypt ($gy$)", remedy}},
        {line("alice", "$argon2id$v=19$m=65536,t=3$salt$hash"), {"Argon2", remedy}},
        {line("alice", "g2AvN/yceC6n6"), {"it may be a DES hash of crypt(3), or the password itself", remedy}},
        {line("alice", "hunter2"), {"not a bcrypt hash; it may be the password itself", remedy}},
        {line("alice", ""), {"no hash after the colon", remedy}},
        {line("alice", with_cost("03")), {"cost is 3, not between 04 and 16", remedy}},
        {line("alice", with_cost("17")), {"cost is 17, not between 04 and 16", remedy}},
        {line("alice", with_cost("4a")), {"damaged", remedy}},
        {line("alice", wonderland.substr(0, 59)), {"damaged", remedy}},
        {line("alice", std::string(wonderland) + "a"), {"damaged", remedy}},
        {line("alice", std::string(wonderland) + " "), {"damaged", remedy}},
        {line("alice", std::string(wonderland) + ":19000:0:"), {"damaged", remedy}},
        {line("alice", std::string(with_cost("17")) + "a"), {"damaged", remedy}},
        {line("alice", "$2y$"), {"damaged", remedy}},
        {line("alice", ' ' + std::string(wonderland)), {"not a bcrypt hash", remedy}},
        {line("it's me", "x"), {"htpasswd -B -C 10 '/etc/phial users' 'it'\\''s me'"}},
        {line("$(reboot)", "x"), {"a hash instead of a name"}},
        {line("a;b", "x"), {"'a;b'"}},
        {line("alice") + line("alice", builder), {"line 4: the user 'alice' is already in line 3"}},
        {line("alice", "hunter2") + line("alice"), {"line 4: the user 'alice' is already in line 3"}},
        {"alice\n", {"no colon; lines are name:hash"}},
        {" \n", {"no colon"}},
        {std::string(wonderland) + "\n", {"no colon"}},
        {line(""), {"no name before the colon"}},
        {line(std::string(256, 'n')), {"longer than 255 bytes"}},
        {line(wonderland, "alice"), {"a hash instead of a name"}},
        {line("{SHA}6dcfXufJLW3J6S/9rRe4vUlBj5g=", "alice"), {"a hash instead of a name"}},
        {line("al\tice"), {"control character"}},
        {line("al\x7F"), {"control character"}},
        {line("al\u0085"), {"control character"}},
        {line(std::string("al\0ice", 6)), {"control character"}},
        {"alice:" + std::string(wonderland) + "\r\r\n", {"control character"}},
        {line("alice\x1B[2J"), {"control character"}},
        {line("al\xE9"), {"not UTF-8"}},
        {line("al\xC0\xAF"), {"not UTF-8"}},
        {line("\xEF\xBB\xBF"
              "alice"),
         {"byte order mark"}},
    };
    for (auto const &c : cases) {
        auto const told = mistakes("# two lines\n" + line("zoe") + c.bad);
        BOOST_TEST_CONTEXT(c.bad << (told.empty() ? "no mistake" : told.back())) {
            BOOST_TEST_REQUIRE(!told.empty());
            BOOST_TEST(told.front().starts_with("/etc/phial users, line "));
            BOOST_TEST(contains(told.back(), "line 3"));
            for (auto const &part : c.parts) BOOST_TEST_CONTEXT(part) BOOST_TEST(contains(told.back(), part));
        }
    }
}

BOOST_AUTO_TEST_CASE(no_message_holds_a_hash_or_what_may_be_a_password) {
    for (std::string const secret : {"hunter2", "g2AvN/yceC6n6", "$apr1$ONTar0vy$fVrAm6BaMo6v/GW4EYwJD.",
                                     "$2b$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S",
                                     "$2y$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5",
                                     "$2y$17$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S",
                                     "$6$salt$IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwM"}) {
        auto const bare = secret.substr(secret.size() - 6);
        auto const text = line("alice", secret) + line("bob", secret + ":x") + line("", secret) + secret + '\n' +
                          line("al\tice", secret) + line("al\xE9", secret) + line("alice", secret) +
                          line(std::string(256, 'n'), secret) +
                          (secret.starts_with('$') ? line(secret, "alice") : std::string());
        for (auto const &told : mistakes(text)) BOOST_TEST_CONTEXT(told) BOOST_TEST(!contains(told, bare));
    }
}

BOOST_AUTO_TEST_CASE(all_mistakes_are_reported_in_the_order_of_the_lines) {
    auto const told = mistakes(line("a", "x") + "b\n" + line("c") + line("") + line("c"));
    BOOST_TEST_REQUIRE(told.size() == 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        std::string_view const numbers[] = {"line 1:", "line 2:", "line 4:", "line 5:"};
        BOOST_TEST_CONTEXT(told[i]) BOOST_TEST(contains(told[i], numbers[i]));
    }
}

BOOST_AUTO_TEST_CASE(a_flood_of_mistakes_is_counted_above_a_thousand) {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "x\n";
    try {
        (void)parse(text);
        BOOST_TEST(false);
    } catch (htpasswd_error const &e) {
        BOOST_TEST(e.mistakes().size() == 1000U);
        BOOST_TEST(e.more() == 4000U);
    }
}

BOOST_AUTO_TEST_CASE(a_file_with_no_user_is_a_mistake_of_the_file) {
    for (std::string const text : {"", "\n", "\r\n\n", "# nobody\n", "#"}) {
        auto const told = mistakes(text);
        BOOST_TEST_REQUIRE(told.size() == 1U);
        BOOST_TEST(told.front() ==
                   "/etc/phial users: it has no users. Add one: htpasswd -B -C 10 '/etc/phial users' NAME");
    }
}

BOOST_AUTO_TEST_CASE(the_decoy_costs_what_most_users_cost_and_more_in_doubt) {
    struct {
        std::vector<std::string> costs;
        unsigned decoy;
    } const cases[] = {
        {{"04"}, 4},        {{"10"}, 10}, {{"16"}, 16}, {{"10", "12", "10"}, 10}, {{"12", "10", "12", "04"}, 12},
        {{"10", "12"}, 12},
    };
    for (auto const &c : cases) {
        std::string text;
        for (auto const &cost : c.costs) text += line("user" + std::to_string(text.size()), with_cost(cost));
        BOOST_TEST(bcrypt_cost(parse(text).decoy()) == c.decoy);
    }
}

BOOST_AUTO_TEST_SUITE_END()
