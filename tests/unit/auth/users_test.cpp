// The tutorial's one user.
#include "phial/auth/users.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace phial;
using namespace phial::testing;

BOOST_AUTO_TEST_SUITE(demo_user)

BOOST_AUTO_TEST_CASE(only_admin_with_the_password_secret_is_known) {
    struct {
        std::string_view user, password;
        bool known;
    } const cases[] = {
        {"admin", "secret", true},  {"admin", "Secret", false},  {"Admin", "secret", false},
        {"admin", "", false},       {"", "secret", false},       {"", "", false},
        {"secret", "admin", false}, {"admin", "secret2", false}, {"admin ", "secret", false},
        {"admin", "secre", false},
    };
    demo_users const users;
    fake_request rq("GET", "/");
    for (auto const &c : cases)
        BOOST_TEST_CONTEXT(c.user << ":" << c.password) BOOST_TEST(run(users.check(rq, c.user, c.password)) == c.known);
}

BOOST_AUTO_TEST_SUITE_END()
