#include "phial/auth/login_trail.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace phial;
using namespace phial::testing;

namespace {

struct fixture {
    networks const proxies{"10.0.0.0/8"};
    clients known{{}, proxies};
    memory_log records;
    login_trail trail{records, known};

    void fail(std::string const &from, std::string const &user, int times = 1) {
        for (int i = 0; i < times; ++i) {
            fake_request rq("GET", "/");
            trail.failed(rq.client(from), user);
        }
    }

    [[nodiscard]] std::size_t count(std::string const &text) const {
        std::size_t n = 0;
        auto const all = records.text();
        for (auto at = all.find(text); at != all.npos; at = all.find(text, at + 1)) ++n;
        return n;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(login_trails, fixture)

BOOST_AUTO_TEST_CASE(a_failed_login_is_a_record_with_name_and_address) {
    fail("192.0.2.1", "alice");
    BOOST_TEST(records.text() == "1970-01-01T00:00:00.000000Z warning failed login user=alice client=192.0.2.1\n");
    known.login_failed(client_network(boost::asio::ip::make_address("2001:db8::1")));
    fail("2001:db8::2", "bob");
    BOOST_TEST(records.text().ends_with(" failed login user=bob client=2001:db8::2 in_a_row=1\n"));
}

BOOST_AUTO_TEST_CASE(behind_a_proxy_it_is_the_client_that_the_proxy_names) {
    service_context context;
    context.proxies = &proxies;
    fake_request rq("GET", "/", {{"X-Forwarded-For", "203.0.113.7"}}, {}, context);
    trail.failed(rq.client("10.1.1.1"), "alice");
    fake_request other("GET", "/", {{"X-Forwarded-For", "203.0.113.7"}}, {}, context);
    trail.failed(other.client("192.0.2.1"), "alice");
    BOOST_TEST(count("client=203.0.113.7") == 1U);
    BOOST_TEST(count("client=192.0.2.1") == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_is_cut_and_cannot_end_the_line) {
    fail("192.0.2.1", "a\nb" + std::string(100, 'x') + "END");
    BOOST_TEST(count("\n") == 1U);
    BOOST_TEST(count(R"(user="a\nb)") == 1U);
    BOOST_TEST(count("END") == 0U);
}

BOOST_AUTO_TEST_CASE(of_a_flood_some_are_recorded_and_others_counted) {
    fail("192.0.2.1", "alice", 1000);
    BOOST_TEST(count("failed login user=") == clients::most_reports_of_client);
    fail("192.0.2.2", "bob"); // another client still gets its records
    BOOST_TEST(count("user=bob client=192.0.2.2") == 1U);
    trail.summarise();
    BOOST_TEST(records.text().ends_with(
        " warning more failed logins in the last minute client=192.0.2.1 failed=980 refused=0\n"));
    fail("192.0.2.1", "alice"); // a new minute
    BOOST_TEST(count("failed login user=") == clients::most_reports_of_client + 2U);
    trail.summarise();
    BOOST_TEST(count("more failed") == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_refused_is_counted) {
    fake_request rq("GET", "/");
    rq.client("192.0.2.1");
    for (int i = 0; i < 5; ++i) trail.refused(rq);
    BOOST_TEST(records.records().empty());
    for (int i = 0; i < 60; ++i) trail.tick();
    BOOST_TEST(records.text().ends_with(" client=192.0.2.1 failed=0 refused=5\n"));
}

BOOST_AUTO_TEST_CASE(a_flood_from_many_clients_has_a_bound_too) {
    for (int i = 0; i < 1000; ++i) fail("192.168." + std::to_string(i / 250) + "." + std::to_string(i % 250), "alice");
    BOOST_TEST(count("failed login user=") == clients::most_reports);
    trail.summarise();
    BOOST_TEST(count("more failed logins") == clients::most_summaries + 1U);
    BOOST_TEST(records.text().ends_with(" client=\"300 other clients\" failed=300 refused=0\n"));
}

BOOST_AUTO_TEST_SUITE_END()
