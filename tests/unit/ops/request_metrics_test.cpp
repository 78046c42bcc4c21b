// Requests, counted.
#include "phial/ops/request_metrics.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::literals;

namespace {

// Routes lie at one place, as the router's do.
constexpr std::string_view users = "/users/<id>";

struct counted {
    std::string_view method = "GET";
    std::string_view route = users;
    unsigned status = 200;
    std::chrono::nanoseconds took = 1ms;
    bool refused = false;
    bool complete = true;
};

void add(loop_request_metrics &to, counted const &c) {
    fake_request rq("GET", "/users/2");
    rq->notes.route = c.route;
    to.add({*rq.operator->(), c.method, c.refused, c.status, c.complete, 100, 1000, c.took, {}});
}

std::string text_of(request_metrics const &m) {
    exposition out("phial");
    m.append_to(out);
    return out.text();
}

std::string labels(std::string_view method, std::string_view route, std::string_view status) {
    return concat("{http_request_method=\"", method, "\",http_route=\"", route, "\",http_response_status_code=\"",
                  status, "\"");
}

bool has_line(std::string const &text, std::string const &line) {
    return ('\n' + text).find('\n' + line + '\n') != std::string::npos;
}

std::size_t count_of(std::string const &text, std::string_view what) {
    std::size_t n = 0;
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
    return n;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_metrics_)

BOOST_AUTO_TEST_CASE(requests_are_summed_over_the_loops_by_method_route_and_status) {
    request_metrics all;
    auto &one = all.add_loop();
    auto &two = all.add_loop();
    for (int i = 0; i < 3; ++i) add(one, {});
    add(two, {});
    add(two, {.status = 404});
    add(two, {.method = "_OTHER", .route = "", .status = 501, .refused = true});
    auto const text = text_of(all);
    auto const name = "http_server_request_duration_seconds_count"s;
    BOOST_TEST(has_line(text, name + labels("GET", users, "200") + "} 4"));
    BOOST_TEST(has_line(text, name + labels("GET", users, "404") + "} 1"));
    BOOST_TEST(has_line(text, name + labels("_OTHER", "unmatched", "501") + "} 1"));
    BOOST_TEST(has_line(text, "phial_refusals_total{reason=\"not_implemented\"} 1"));
    BOOST_TEST(has_line(text, "phial_received_bytes_total 600"));
    BOOST_TEST(has_line(text, "phial_sent_bytes_total 6000"));
}

BOOST_AUTO_TEST_CASE(a_duration_falls_into_the_bucket_whose_bound_it_does_not_pass) {
    struct {
        std::chrono::nanoseconds took;
        std::string_view bound, below; // the first that counts it, and the one before
    } const cases[] = {
        {0ns, "0.005", ""},        {5ms, "0.005", ""},     {5ms + 1ns, "0.01", "0.005"},
        {1s, "1", "0.75"},         {1s + 1ns, "2.5", "1"}, {10s, "10", "7.5"},
        {10s + 1ns, "+Inf", "10"}, {1h, "+Inf", "10"},     {-1ns, "0.005", ""},
    };
    auto const bucket = "http_server_request_duration_seconds_bucket" + labels("GET", users, "200");
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.took.count() << " ns") {
            request_metrics all;
            add(all.add_loop(), {.took = c.took});
            auto const text = text_of(all);
            BOOST_TEST(has_line(text, concat(bucket, ",le=\"", c.bound, "\"} 1")));
            if (!c.below.empty()) BOOST_TEST(has_line(text, concat(bucket, ",le=\"", c.below, "\"} 0")));
        }
    }
}

BOOST_AUTO_TEST_CASE(times_add_up_in_seconds) {
    request_metrics all;
    auto &loop = all.add_loop();
    add(loop, {.took = 250ms});
    add(loop, {.took = 1500ms});
    BOOST_TEST(
        has_line(text_of(all), "http_server_request_duration_seconds_sum" + labels("GET", users, "200") + "} 1.75"));
}

BOOST_AUTO_TEST_CASE(a_response_that_was_not_taken_counts) {
    request_metrics all;
    add(all.add_loop(), {.complete = false});
    BOOST_TEST(has_line(text_of(all), "phial_incomplete_answers_total 1"));
}

BOOST_AUTO_TEST_CASE(more_kinds_than_there_can_be_are_counted_as_one) {
    request_metrics all;
    auto &loop = all.add_loop();
    std::vector<std::string> routes;
    for (int i = 0; i < 3000; ++i) routes.push_back("/route/" + std::to_string(i));
    for (auto const &r : routes) add(loop, {.route = r});
    for (auto const &r : routes) add(loop, {.route = r});
    auto const text = text_of(all);
    BOOST_TEST(count_of(text, "http_server_request_duration_seconds_count") == 1025U);
    BOOST_TEST(
        has_line(text, "http_server_request_duration_seconds_count" + labels("overflow", "overflow", "0") + "} 3952"));
}

BOOST_AUTO_TEST_SUITE_END()
