#include "phial/auth/users.hpp"

#include "phial/http/http_error.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace phial;
using namespace phial::testing;

namespace {

// Users that cannot be asked now.
class busy_users final : public users {
  public:
    busy_users(unsigned status, login_trail &trail) : users(&trail), status_(status) {}

  private:
    task<bool> is_right(request const &, std::string_view, std::string_view) const override {
        throw http_error(status_);
        co_return true;
    }

    unsigned status_;
};

struct fixture {
    networks const proxies;
    clients known_clients{{}, proxies};
    memory_log records;
    login_trail trail{records, known_clients};
    fake_request rq{"GET", "/"};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(counting_logins, fixture)

BOOST_AUTO_TEST_CASE(checks_are_counted_their_results_passed_on_and_wrong_ones_recorded) {
    single_user const known("admin", "secret", &trail);
    BOOST_TEST(run(known.check(rq, "admin", "secret")));
    BOOST_TEST(!run(known.check(rq, "admin", "wrong")));
    BOOST_TEST(!run(known.check(rq, "nobody", "secret")));
    BOOST_TEST(known.right() == 1U);
    BOOST_TEST(known.wrong() == 2U);
    BOOST_TEST(known.refused() == 0U);
    BOOST_TEST(records.records().size() == 2U);
}

BOOST_AUTO_TEST_CASE(without_a_trail_checks_are_counted_all_the_same) {
    single_user const known("admin", "secret");
    BOOST_TEST(!run(known.check(rq, "admin", "wrong")));
    BOOST_TEST(known.wrong() == 1U);
}

BOOST_AUTO_TEST_CASE(a_password_that_was_not_checked_is_neither_right_nor_wrong) {
    for (auto const status : {429U, 503U}) {
        busy_users const known(status, trail);
        BOOST_CHECK_THROW((void)run(known.check(rq, "admin", "secret")), http_error);
        BOOST_TEST(known.right() + known.wrong() == 0U);
        BOOST_TEST(known.refused() == (status == 429U ? 1U : 0U));
    }
    BOOST_TEST(records.records().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(one_user)

BOOST_AUTO_TEST_CASE(only_this_name_with_this_password_is_known) {
    struct {
        std::string_view user, password;
        bool known;
    } const cases[] = {
        {"admin", "secret", true},  {"admin", "Secret", false},  {"Admin", "secret", false},
        {"admin", "", false},       {"", "secret", false},       {"", "", false},
        {"secret", "admin", false}, {"admin", "secret2", false}, {"admin ", "secret", false},
        {"admin", "secre", false},
    };
    single_user const users("admin", "secret");
    fake_request rq("GET", "/");
    for (auto const &c : cases)
        BOOST_TEST_CONTEXT(c.user << ":" << c.password) BOOST_TEST(run(users.check(rq, c.user, c.password)) == c.known);
}

BOOST_AUTO_TEST_SUITE_END()
