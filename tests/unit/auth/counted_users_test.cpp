// Password checks, counted.
#include "phial/auth/counted_users.hpp"

#include "phial/http/http_error.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace phial;
using namespace phial::testing;

namespace {

class busy final : public users {
  public:
    explicit busy(unsigned status) : status_(status) {}
    task<bool> check(request const &, std::string_view, std::string_view) const override {
        throw http_error(status_);
        co_return true;
    }

  private:
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
    demo_users const demo;
    counted_users const known(demo, trail);
    BOOST_TEST(run(known.check(rq, "admin", "secret")));
    BOOST_TEST(!run(known.check(rq, "admin", "wrong")));
    BOOST_TEST(!run(known.check(rq, "nobody", "secret")));
    BOOST_TEST(known.right() == 1U);
    BOOST_TEST(known.wrong() == 2U);
    BOOST_TEST(known.refused() == 0U);
    BOOST_TEST(records.records().size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_was_not_looked_at_is_neither_right_nor_wrong) {
    for (auto const status : {429U, 503U}) {
        busy const all(status);
        counted_users const known(all, trail);
        BOOST_CHECK_THROW((void)run(known.check(rq, "admin", "secret")), http_error);
        BOOST_TEST(known.right() + known.wrong() == 0U);
        BOOST_TEST(known.refused() == (status == 429U ? 1U : 0U));
    }
    BOOST_TEST(records.records().empty());
}

BOOST_AUTO_TEST_SUITE_END()
