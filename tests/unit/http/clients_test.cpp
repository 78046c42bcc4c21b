// The table of clients: connections, requests, failed logins and their back-off, records, and what is forgotten.
#include "phial/http/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;
using namespace std::chrono_literals;

namespace {

boost::asio::ip::address address(std::string_view text) { return boost::asio::ip::make_address(text); }
client_network network(std::string_view text) { return client_network(address(text)); }
std::string nth(unsigned n) { return "10.1." + std::to_string(n / 250) + "." + std::to_string(n % 250); }

constexpr auto counted = clients::admission::counted;
constexpr auto uncounted = clients::admission::uncounted;
constexpr auto refused = clients::admission::refused;

struct fixture {
    networks const proxies{"172.16.0.0/12"};
    clients::time const start = clients::clock::now();
    client_network const a = network("192.0.2.1");
    client_network const b = network("192.0.2.2");
};

} // namespace

BOOST_AUTO_TEST_SUITE(client_networks)

BOOST_AUTO_TEST_CASE(an_ipv6_client_is_its_network_and_a_mapped_address_the_ipv4_one) {
    struct {
        std::string_view one, other;
        bool same;
    } const cases[] = {
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"192.0.2.1", "::ffff:192.0.2.1", true},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.2", false},
        {"2001:db8::1", "2001:db8::ffff:1:2:3", true},
        {"2001:db8::1", "2001:db8:0:1::1", false},
        {"::1", "0.0.0.0", false},
        {"fe80::1%1", "fe80::1%2", true},
    };
    for (auto const &c : cases)
        BOOST_TEST_CONTEXT(c.one << " " << c.other) BOOST_TEST((network(c.one) == network(c.other)) == c.same);
}

BOOST_AUTO_TEST_CASE(as_text_it_is_an_address_or_a_network) {
    BOOST_TEST(network("192.0.2.1").to_string() == "192.0.2.1");
    BOOST_TEST(network("::ffff:192.0.2.1").to_string() == "192.0.2.1");
    BOOST_TEST(network("2001:db8:0:1:2:3:4:5").to_string() == "2001:db8:0:1::/64");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(clients_, fixture)

BOOST_AUTO_TEST_CASE(a_client_has_at_most_its_number_of_connections) {
    clients all({.connections = 2}, proxies);
    BOOST_TEST((all.add_connection(address("192.0.2.1")) == counted));
    BOOST_TEST((all.add_connection(address("::ffff:192.0.2.1")) == counted));
    BOOST_TEST((all.add_connection(address("192.0.2.1")) == refused));
    BOOST_TEST((all.add_connection(address("192.0.2.2")) == counted));
    BOOST_TEST(all.size() == 2U);
    BOOST_TEST(all.refused_connections() == 1U);
    all.remove_connection(a);
    BOOST_TEST((all.add_connection(address("192.0.2.1")) == counted));
}

BOOST_AUTO_TEST_CASE(a_network_of_ipv6_is_one_client) {
    clients all({.connections = 1}, proxies);
    BOOST_TEST((all.add_connection(address("2001:db8::1")) == counted));
    BOOST_TEST((all.add_connection(address("2001:db8::2")) == refused));
    BOOST_TEST((all.add_connection(address("2001:db8:0:1::2")) == counted));
}

BOOST_AUTO_TEST_CASE(proxies_that_are_named_have_as_many_as_they_like) {
    clients all({.connections = 1}, proxies);
    for (int i = 0; i < 5; ++i) BOOST_TEST((all.add_connection(address("172.17.0.1")) == uncounted));
    BOOST_TEST(all.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_place_is_given_back_when_its_connection_ends) {
    clients all({.connections = 1}, proxies);
    {
        client_place const first(&all, address("192.0.2.1"));
        client_place const second(&all, address("192.0.2.1"));
        BOOST_TEST(!first.refused());
        BOOST_TEST(second.refused());
    }
    BOOST_TEST(!client_place(&all, address("192.0.2.1")).refused());
    BOOST_TEST(!client_place(nullptr, address("192.0.2.1")).refused());
}

BOOST_AUTO_TEST_CASE(a_client_with_too_many_connections_is_reported_once_an_hour) {
    clients all({.connections = 1}, proxies);
    (void)all.add_connection(address("192.0.2.1"), start);
    for (int i = 0; i < 5; ++i) (void)all.add_connection(address("192.0.2.1"), start + i * 1s);
    auto const told = all.take_refused();
    BOOST_TEST_REQUIRE(told.size() == 1U);
    BOOST_TEST((told.front().who == a));
    BOOST_TEST((told.front().why == clients::refused_client::reason::connections));
    (void)all.add_connection(address("192.0.2.1"), start + 59min);
    BOOST_TEST(all.take_refused().empty());
    (void)all.add_connection(address("192.0.2.1"), start + 61min);
    BOOST_TEST(all.take_refused().size() == 1U);
}

BOOST_AUTO_TEST_CASE(of_many_clients_with_too_many_connections_a_few_are_reported_at_a_time) {
    clients all({.connections = 1}, proxies);
    for (int round = 0; round < 2; ++round)
        for (unsigned i = 0; i < 20; ++i) (void)all.add_connection(address(nth(i)), start);
    BOOST_TEST(all.take_refused().size() == 8U);
}

BOOST_AUTO_TEST_CASE(a_client_may_send_as_many_requests_at_once_as_its_rate_and_then_at_that_rate) {
    for (unsigned const rate : {1U, 3U, 7U, 1000U}) {
        BOOST_TEST_CONTEXT(rate) {
            clients all({.rate = rate}, proxies);
            unsigned at_once = 0;
            while (at_once < 2000 && all.admit_request(a, start)) ++at_once;
            BOOST_TEST(at_once == rate);
            BOOST_TEST(all.admit_request(b, start)); // another client is not hurt
            // What was refused is not counted: the next place is free when one request is paid for.
            auto const one = std::chrono::nanoseconds(1s) / rate;
            BOOST_TEST(!all.admit_request(a, start + one - 1ns));
            BOOST_TEST(all.admit_request(a, start + one));
            BOOST_TEST(!all.admit_request(a, start + one));
            // A second is always enough, and no more is saved up in a longer time.
            at_once = 0;
            while (at_once < 2000 && all.admit_request(a, start + 1h)) ++at_once;
            BOOST_TEST(at_once == rate);
        }
    }
}

BOOST_AUTO_TEST_CASE(in_any_time_a_client_has_no_more_requests_than_its_rate_and_one_burst) {
    clients all({.rate = 10}, proxies);
    unsigned admitted = 0;
    for (auto now = start; now < start + 20s; now += 3ms) admitted += all.admit_request(a, now) ? 1 : 0;
    BOOST_TEST(admitted >= 200U);
    BOOST_TEST(admitted <= 210U);
}

BOOST_AUTO_TEST_CASE(without_a_rate_requests_are_not_limited) {
    BOOST_TEST(!clients({}, proxies).limits_requests());
    BOOST_TEST(clients({.rate = 1}, proxies).limits_requests());
}

BOOST_AUTO_TEST_CASE(a_client_is_in_the_table_until_its_requests_are_paid_for) {
    clients all({.rate = 100}, proxies);
    for (unsigned i = 0; i < 200; ++i) BOOST_TEST(all.admit_request(network(nth(i)), start));
    BOOST_TEST(all.size() == 200U);
    (void)all.take_refused(start + 500ms);
    BOOST_TEST(all.size() == 200U);
    for (int i = 0; i < 4; ++i) (void)all.take_refused(start + 1s); // some at a time
    BOOST_TEST(all.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_client_with_a_connection_is_not_forgotten_with_its_requests) {
    clients all({.rate = 1}, proxies);
    (void)all.add_connection(address("192.0.2.1"), start);
    BOOST_TEST(all.admit_request(a, start));
    (void)all.take_refused(start + 10s);
    BOOST_TEST(all.size() == 1U);
    all.remove_connection(a, start + 10s);
    BOOST_TEST(all.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_connection_that_ends_does_not_make_its_clients_requests_forgotten) {
    clients all({.rate = 1}, proxies);
    (void)all.add_connection(address("192.0.2.1"), start);
    BOOST_TEST(all.admit_request(a, start));
    all.remove_connection(a, start);
    BOOST_TEST(!all.admit_request(a, start + 500ms));
}

BOOST_AUTO_TEST_CASE(a_full_table_forgets_requests_before_failed_logins_and_admits_whom_it_cannot_know) {
    clients all({.rate = 1, .known = 3}, proxies);
    (void)all.add_connection(address("192.0.2.1"), start);
    all.login_failed(b, start);
    BOOST_TEST(all.admit_request(network("192.0.2.3"), start + 1ms));
    BOOST_TEST(all.admit_request(network("192.0.2.4"), start + 2ms));
    BOOST_TEST(all.size() == 3U);
    BOOST_TEST(all.failures(b) == 1U);
    BOOST_TEST(!all.admit_request(network("192.0.2.4"), start + 3ms));
    BOOST_TEST(all.admit_request(network("192.0.2.3"), start + 3ms)); // it was forgotten
    for (auto const *other : {"192.0.2.5", "192.0.2.6"}) (void)all.add_connection(address(other), start);
    for (int i = 0; i < 5; ++i) BOOST_TEST(all.admit_request(network("192.0.2.7"), start + 4ms));
    BOOST_TEST(all.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_client_with_too_many_requests_is_reported_once_an_hour_and_apart_from_connections) {
    using enum clients::refused_client::reason;
    clients all({.connections = 0, .rate = 1}, proxies);
    (void)all.add_connection(address("192.0.2.1"), start);
    for (int i = 0; i < 5; ++i) (void)all.admit_request(a, start);
    auto const told = all.take_refused(start);
    BOOST_TEST_REQUIRE(told.size() == 2U);
    BOOST_TEST((told.front().why == connections && told.back().why == requests));
    BOOST_TEST((told.back().who == a));
    for (auto const later : {59min, 61min}) {
        BOOST_TEST_CONTEXT(later.count()) {
            for (int i = 0; i < 2; ++i) (void)all.admit_request(a, start + later);
            BOOST_TEST(all.take_refused(start + later).size() == (later > 1h ? 1U : 0U));
        }
    }
}

BOOST_AUTO_TEST_CASE(from_the_tenth_failure_in_a_row_a_client_waits_twice_as_long_each_time) {
    clients all({}, proxies);
    struct {
        unsigned failures;
        std::chrono::seconds wait;
    } const cases[] = {{9, 0s}, {10, 1s}, {11, 2s}, {12, 4s}, {13, 8s}, {14, 16s}, {15, 32s}, {16, 60s}, {2000, 60s}};
    unsigned n = 0;
    for (auto const &c : cases) {
        while (n < c.failures) {
            all.login_failed(a, start);
            ++n;
        }
        BOOST_TEST_CONTEXT(n) {
            BOOST_TEST((all.back_off(a, start) == c.wait));
            BOOST_TEST((all.back_off(a, start + c.wait) == 0s));
            BOOST_TEST((all.back_off(b, start) == 0s));
        }
    }
    all.login_succeeded(a, start);
    BOOST_TEST((all.back_off(a, start) == 0s));
    BOOST_TEST(all.failures(a) == 0U);
    BOOST_TEST(all.login_failed(a, start) == 1U);
}

BOOST_AUTO_TEST_CASE(it_is_known_whether_anybody_fails) {
    clients all({.known = 1}, proxies);
    BOOST_TEST(!all.any_failures());
    all.login_failed(a, start);
    all.login_failed(a, start);
    BOOST_TEST(all.any_failures());
    all.login_failed(b, start); // there is room for one
    BOOST_TEST(all.any_failures());
    all.login_succeeded(b, start);
    BOOST_TEST(!all.any_failures());
    all.login_succeeded(a, start);
    BOOST_TEST(!all.any_failures());
}

BOOST_AUTO_TEST_CASE(a_client_without_connection_and_failure_is_in_no_table) {
    clients all({}, proxies);
    (void)all.add_connection(address("192.0.2.1"));
    all.remove_connection(a);
    all.login_failed(a, start);
    all.login_succeeded(a, start);
    all.login_succeeded(b, start);
    BOOST_TEST(all.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_full_table_forgets_the_one_idle_for_longest_and_never_one_with_a_connection) {
    clients all({.connections = 1, .known = 3}, proxies);
    (void)all.add_connection(address("192.0.2.1"), start);
    all.login_failed(b, start);
    all.login_failed(network("192.0.2.3"), start + 1s);
    all.login_failed(b, start + 2s);
    all.login_failed(network("192.0.2.4"), start + 3s);
    BOOST_TEST(all.size() == 3U);
    BOOST_TEST(all.failures(b) == 2U);
    BOOST_TEST(all.failures(network("192.0.2.3")) == 0U);
    BOOST_TEST((all.add_connection(address("192.0.2.1")) == refused));
    for (auto const *other : {"192.0.2.5", "192.0.2.6"}) BOOST_TEST((all.add_connection(address(other)) == counted));
    BOOST_TEST((all.add_connection(address("192.0.2.7")) == uncounted)); // nobody can be forgotten
    BOOST_TEST(all.login_failed(b, start) == 0U);
    BOOST_TEST(all.size() == 3U);
}

BOOST_AUTO_TEST_CASE(what_is_an_hour_old_is_forgotten) {
    clients all({}, proxies);
    all.login_failed(a, start);
    all.login_failed(b, start + 30min);
    all.login_failed(network("192.0.2.3"), start + 61min);
    BOOST_TEST(all.failures(a) == 0U);
    BOOST_TEST(all.failures(b) == 1U);
}

BOOST_AUTO_TEST_CASE(records_of_one_client_and_of_all_have_a_bound_a_minute) {
    clients all({}, proxies);
    for (unsigned i = 0; i < 50; ++i) BOOST_TEST(all.may_report(a) == (i < clients::most_reports_of_client));
    BOOST_TEST(all.may_report(b));
    unsigned told = clients::most_reports_of_client + 1;
    for (unsigned i = 0; i < 1000; ++i) told += all.may_report(network(nth(i))) ? 1 : 0;
    BOOST_TEST(told == clients::most_reports);
    auto const unreported = all.take_unreported();
    BOOST_TEST(unreported.each.size() == clients::most_summaries);
    BOOST_TEST((unreported.each.front().who == a));
    BOOST_TEST(unreported.each.front().failed == 30U);
    std::uint64_t sum = unreported.others.failed;
    for (auto const &one : unreported.each) sum += one.failed;
    BOOST_TEST(sum + told == 1051U);
    BOOST_TEST(all.may_report(a)); // the next minute
    BOOST_TEST(all.take_unreported().each.empty());
}

BOOST_AUTO_TEST_CASE(what_is_unreported_of_a_client_that_is_forgotten_is_reported_with_that_of_others) {
    clients all({.known = 1}, proxies);
    all.login_refused(a, start);
    all.login_refused(a, start);
    all.login_refused(b, start);
    auto const unreported = all.take_unreported();
    BOOST_TEST(unreported.others.refused + (unreported.each.empty() ? 0 : unreported.each.front().refused) == 3U);
    BOOST_TEST(unreported.clients >= 1U);
}

BOOST_AUTO_TEST_SUITE_END()
