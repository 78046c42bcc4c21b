// The composed app: its routes together, its error handlers, its log.
#include "app/app.hpp"
#include "phial/http/json.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

namespace {

struct fixture {
    temporary_folder folder;
    memory_log records;
    logger log{records};
    worker_pool pool{1};
    file_store uploads{pool, folder.path()};
    single_user known{"admin", "secret"};
    phial::app app = make_app(known, uploads, log);

    response ask(std::string method, std::string target, fake_request::headers lines = {},
                 service_context context = {}) {
        return test_client(app, std::move(context)).send(std::move(method), std::move(target), std::move(lines));
    }

    int logged(std::string_view part) const {
        int n = 0;
        for (auto const &[level, message] : records.records()) n += message.find(part) != message.npos ? 1 : 0;
        return n;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(whole_app, fixture)

BOOST_AUTO_TEST_CASE(what_the_server_refuses_has_the_pages_of_the_app) {
    struct {
        unsigned status;
        std::string_view message;
    } const cases[] = {
        {400, "Bad Request: no."},
        {404, "Not Found: http://127.0.0.1:5000/x"}, // the only status with a handler for the whole app
        {408, "Request Timeout: no."},
        {501, "Not Implemented: no."},
        {503, "Service Unavailable: no."},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.status) {
            fake_request rq("GET", "/x");
            rq->notes.refused = {c.status, "no"};
            auto const rs = run(app.refuse(rq));
            BOOST_TEST(rs.status() == c.status);
            BOOST_TEST(rs.body() == concat("{\"message\":\"", c.message, "\",\"status\":", c.status, "}\n"));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_address_of_the_tutorial_is_there_with_its_methods) {
    struct {
        std::string target, allow;
    } const cases[] = {
        {"/", "GET, HEAD, OPTIONS"},
        {"/articles", "GET, HEAD, OPTIONS"},
        {"/articles/x", "GET, HEAD, OPTIONS"},
        {"/articles/int/1", "GET, HEAD, OPTIONS"},
        {"/articles/float/1.0", "GET, HEAD, OPTIONS"},
        {"/articles/path/a/b", "GET, HEAD, OPTIONS"},
        {"/hello", "GET, HEAD, OPTIONS"},
        {"/echo", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"},
        {"/messages", "POST, OPTIONS"},
        {"/files", "POST, OPTIONS"},
        {"/users/2", "GET, HEAD, OPTIONS"},
        {"/secrets", "GET, HEAD, OPTIONS"},
        {"/debug/error", "GET, HEAD, OPTIONS"},
        {"/logs/hello", "GET, HEAD, OPTIONS"},
        {"*", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.target) {
            auto const options = ask("OPTIONS", c.target);
            BOOST_TEST(options.status() == 200U);
            BOOST_TEST(options.get("Allow") == c.allow);
            BOOST_TEST(options.body() == "");
            if (c.target == "*") continue;
            auto const trace = ask("TRACE", c.target);
            BOOST_TEST(trace.status() == 405U);
            BOOST_TEST(trace.get("Allow") == c.allow);
            BOOST_TEST(trace.get("Content-Type") == "application/json");
        }
    }
    BOOST_TEST(records.records().empty()); // no handler was called, and the access records say the rest
}

BOOST_AUTO_TEST_CASE(an_unknown_path_is_the_tutorials_404_wherever_it_is_asked_for) {
    for (std::string const method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}) {
        BOOST_TEST_CONTEXT(method) {
            auto const rs = ask(method, "/nothing?a=b");
            BOOST_TEST(rs.status() == 404U);
            BOOST_TEST(rs.body() == "{\"message\":\"Not Found: http://127.0.0.1:5000/nothing?a=b\",\"status\":404}\n");
            BOOST_TEST(rs.get("Content-Type") == "application/json");
        }
    }
    BOOST_TEST(ask("GET", "/x", {{"Host", "example.org:80"}}).body() ==
               "{\"message\":\"Not Found: http://example.org/x\",\"status\":404}\n");
    BOOST_TEST(ask("GET", "http://example.org/x", {{"X-Forwarded-Host", "evil.example"}}).body() ==
               "{\"message\":\"Not Found: http://example.org/x\",\"status\":404}\n");
}

BOOST_AUTO_TEST_CASE(errors_are_pages_for_browsers_and_problems_for_who_asks) {
    auto const page = ask("GET", "/<x>", {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}});
    BOOST_TEST(page.status() == 404U);
    BOOST_TEST(page.get("Content-Type").starts_with("text/html"));
    BOOST_TEST(page.body().find("/<x>") == std::string::npos);
    BOOST_TEST(page.body().find("/&lt;x&gt;") != std::string::npos);
    auto const problem = ask("GET", "/x", {{"Accept", "application/problem+json"}});
    BOOST_TEST(problem.get("Content-Type") == "application/problem+json");
    BOOST_TEST(problem.status() == 404U);
}

BOOST_AUTO_TEST_CASE(a_failing_handler_is_a_500_without_detail_and_logged_with_it) {
    auto const rs = ask("GET", "/debug/error");
    BOOST_TEST(rs.status() == 500U);
    BOOST_TEST(rs.body().find("boom") == std::string::npos);
    BOOST_TEST(rs.body() == "{\"message\":\"Internal Server Error\",\"status\":500}\n");
    BOOST_TEST(logged("Exception on /debug/error [GET]") == 1);
    BOOST_TEST(logged("<boom> & \"quotes\"") == 1);
}

BOOST_AUTO_TEST_CASE(debug_mode_shows_the_error_escaped) {
    service_context context;
    context.debug = true;
    auto const page = ask("GET", "/debug/error", {}, context);
    BOOST_TEST(page.status() == 500U);
    BOOST_TEST(page.get("Content-Type").starts_with("text/html"));
    BOOST_TEST(page.body().find("<boom>") == std::string::npos);
    BOOST_TEST(page.body().find("&lt;boom&gt; &amp;") != std::string::npos);
    auto const data = ask("GET", "/debug/error", {{"Accept", "application/json"}}, context);
    BOOST_TEST(data.status() == 500U);
    BOOST_TEST(data.get("Content-Type") == "application/json");
    BOOST_TEST(data.body().find("<boom>") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
