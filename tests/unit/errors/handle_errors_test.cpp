// Exceptions become responses, and are logged.
#include "phial/errors/handle_errors.hpp"
#include "phial/errors/inner_errors.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

using namespace phial;
using namespace phial::testing;

namespace {

using plain_handler = task<response> (*)(request &);

task<response> succeed(request &) { co_return text("fine"); }

task<response> throw_not_found(request &) {
    throw http_error(404, "no such thing").add("X-Line", "kept");
    co_return response();
}

task<response> throw_unavailable(request &) {
    throw http_error(503);
    co_return response();
}

task<response> throw_secret(request &) {
    throw std::runtime_error("secret detail");
    co_return response();
}

task<response> throw_number(request &) {
    throw 42;
    co_return response();
}

// A plain_handler need not be a coroutine: these throw before there is anything to await.
task<response> throw_not_found_at_once(request &) { throw http_error(404, "no such thing"); }
task<response> throw_at_once(request &) { throw std::runtime_error("secret detail"); }

task<response> throw_after_reading(request &rq) {
    auto const read = co_await rq.data();
    throw std::runtime_error("secret detail " + read.str());
}

// Numbers of its own: the one of EDQUOT means something else here.
class foreign_category final : public std::error_category {
  public:
    char const *name() const noexcept override { return "foreign"; }
    std::string message(int) const override { return "foreign failure"; }
};

task<response> throw_foreign_code(request &) {
    static foreign_category const foreign;
    throw std::system_error(EDQUOT, foreign);
    co_return response();
}

template <int Number>
task<response> throw_errno(request &) {
    throw std::system_error(Number, std::generic_category(), "secret detail");
    co_return response();
}

task<response> throw_from_filesystem(request &) {
    throw std::filesystem::filesystem_error("secret detail", std::error_code(ENOSPC, std::system_category()));
    co_return response();
}

response own_page(request &rq, http_error const &e) {
    return text("own page: ", e.what(), " at ", rq.path()).status(e.status());
}
response other_page(request &, http_error const &e) { return text("other page").status(e.status()); }
response broken_page(request &, http_error const &) { throw std::logic_error("the page is broken"); }
response throwing_page(request &, http_error const &) { throw http_error(418, "handled no more"); }

struct answer {
    response rs;
    std::vector<std::pair<severity, std::string>> log;

    bool logged(severity level, std::string_view message) const {
        return std::find(log.begin(), log.end(), std::pair(level, std::string(message))) != log.end();
    }
};

bool holds(response const &rs, std::string_view part) { return rs.body().find(part) != std::string::npos; }

answer ask(handler next, error_handlers handlers = {}, bool debug = false, std::string const &method = "GET") {
    memory_log records;
    logger const log(records);
    service_context context;
    context.debug = debug;
    fake_request rq(method, "/a%20path?q", {{"Accept", "application/json"}}, "body", context);
    auto const handle = handle_errors(std::move(handlers), log, std::move(next));
    auto rs = call(handle, rq);
    return {std::move(rs), records.records()};
}

error_handlers with(unsigned status, error_handler page) {
    error_handlers handlers;
    handlers.set(status, std::move(page));
    return handlers;
}

// inner_errors around a handler, as a blueprint has it.
class guarded {
  public:
    guarded(error_handlers const &handlers, handler next)
        : errors_(std::make_unique<inner_errors const>(handlers)),
          next_(std::move(next)) {}
    outcome operator()(request &rq) const {
        return errors_->around(rq, [&] { return next_.call(rq); });
    }

  private:
    std::unique_ptr<inner_errors const> errors_;
    handler next_;
};

http_error return_not_found(request &) { return http_error(404, "no such thing"); }
http_error return_unavailable(request &) { return http_error(503); }

} // namespace

BOOST_AUTO_TEST_SUITE(handle_errors_)

BOOST_AUTO_TEST_CASE(a_response_passes_unchanged_and_unlogged) {
    auto const got = ask(succeed);
    BOOST_TEST(got.rs.status() == 200U);
    BOOST_TEST(got.rs.body() == "fine");
    BOOST_TEST(got.log.empty());
}

BOOST_AUTO_TEST_CASE(an_http_error_is_its_response) {
    auto const got = ask(throw_not_found);
    BOOST_TEST(got.rs.status() == 404U);
    BOOST_TEST(got.rs.body() == "{\"message\":\"no such thing\",\"status\":404}\n");
    BOOST_TEST(got.rs.get("X-Line") == "kept");
}

BOOST_AUTO_TEST_CASE(an_error_of_the_server_is_a_warning) {
    BOOST_TEST(ask(throw_unavailable).logged(severity::warning, "503 GET /a%20path?q: Service Unavailable"));
    BOOST_TEST(ask(return_unavailable).logged(severity::warning, "503 GET /a%20path?q: Service Unavailable"));
}

// The access record says what is wrong: a separate record would let any client fill the log.
BOOST_AUTO_TEST_CASE(an_error_of_the_client_is_noted_for_the_access_record_and_logged_for_debugging_only) {
    for (handler (*const next)() :
         {+[] { return handler(throw_not_found); }, +[] { return handler(throw_not_found_at_once); },
          +[] { return handler(return_not_found); }}) {
        memory_log records;
        logger const log(records);
        fake_request rq("GET", "/a", {{"Accept", "application/json"}});
        auto const rs = call(handle_errors({}, log, next()), rq);
        BOOST_TEST(rs.body() == "{\"message\":\"no such thing\",\"status\":404}\n");
        BOOST_TEST(rq->notes.error == "no such thing");
        BOOST_TEST(records.records().empty());
        logger const talkative(records, severity::debug);
        BOOST_TEST(call(handle_errors(with(404, own_page), talkative, next()), rq).body() ==
                   "own page: no such thing at /a");
        auto const logged = records.records();
        BOOST_TEST_REQUIRE(logged.size() == 1U);
        BOOST_TEST((logged[0].first == severity::debug));
        BOOST_TEST(logged[0].second == "404 GET /a: no such thing");
    }
}

BOOST_AUTO_TEST_CASE(the_access_record_has_the_beginning_of_a_long_message) {
    memory_log records;
    logger const log(records);
    fake_request rq("GET", "/a");
    auto const fails = [](request &) { return http_error(404, std::string(100'000, 'x')); };
    BOOST_TEST(call(handle_errors({}, log, fails), rq).body().size() > 100'000U);
    BOOST_TEST(rq->notes.error == std::string(512, 'x'));
}

BOOST_AUTO_TEST_CASE(a_registered_handler_answers_its_status_only) {
    auto const own = ask(throw_not_found, with(404, own_page));
    BOOST_TEST(own.rs.status() == 404U);
    BOOST_TEST(own.rs.body() == "own page: no such thing at /a path");
    BOOST_TEST(ask(throw_not_found, with(403, own_page)).rs.get("Content-Type") == "application/json");
}

BOOST_AUTO_TEST_CASE(a_later_handler_replaces_an_earlier_one) {
    auto handlers = with(404, own_page);
    handlers.set(404, other_page);
    BOOST_TEST(ask(throw_not_found, handlers).rs.body() == "other page");
}

BOOST_AUTO_TEST_CASE(an_exception_is_a_500_without_detail_and_is_logged_with_it) {
    for (plain_handler const next : {throw_secret, throw_at_once}) {
        auto const got = ask(next);
        BOOST_TEST(got.rs.status() == 500U);
        BOOST_TEST(got.rs.body() == "{\"message\":\"Internal Server Error\",\"status\":500}\n");
        BOOST_TEST(got.logged(severity::error, "Exception on /a path [GET]: std::runtime_error: secret detail"));
        BOOST_TEST(got.log.size() == 1U);
    }
    auto const later = ask(throw_after_reading);
    BOOST_TEST(later.rs.status() == 500U);
    BOOST_TEST(later.logged(severity::error, "Exception on /a path [GET]: std::runtime_error: secret detail body"));
}

BOOST_AUTO_TEST_CASE(the_record_names_the_method_that_was_sent) {
    BOOST_TEST(ask(throw_secret, {}, false, "HEAD")
                   .logged(severity::error, "Exception on /a path [HEAD]: std::runtime_error: secret detail"));
}

BOOST_AUTO_TEST_CASE(an_exception_shows_its_detail_in_debug_mode) {
    auto const got = ask(throw_secret, {}, true);
    BOOST_TEST(got.rs.status() == 500U);
    BOOST_TEST(holds(got.rs, "std::runtime_error: secret detail"));
    BOOST_TEST(got.logged(severity::error, "Exception on /a path [GET]: std::runtime_error: secret detail"));
}

BOOST_AUTO_TEST_CASE(anything_thrown_gets_a_response) {
    auto const got = ask(throw_number);
    BOOST_TEST(got.rs.status() == 500U);
    BOOST_TEST(got.rs.body() == "{\"message\":\"Internal Server Error\",\"status\":500}\n");
    BOOST_TEST(got.logged(severity::error, "Exception on /a path [GET]: int"));
    BOOST_TEST(holds(ask(throw_number, {}, true).rs, "\"int\""));
}

BOOST_AUTO_TEST_CASE(the_handler_of_500_answers_every_exception) {
    for (plain_handler const next : {throw_secret, throw_number}) {
        auto const got = ask(next, with(500, own_page));
        BOOST_TEST(got.rs.body() == "own page: Internal Server Error at /a path");
        BOOST_TEST(got.rs.status() == 500U);
    }
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_507_in_every_mode) {
    for (bool const debug : {false, true}) {
        for (plain_handler const next : {plain_handler(throw_errno<ENOSPC>), plain_handler(throw_errno<EDQUOT>),
                                         plain_handler(throw_from_filesystem)}) {
            auto const got = ask(next, {}, debug);
            BOOST_TEST(got.rs.status() == 507U);
            BOOST_TEST(!holds(got.rs, "secret"));
            BOOST_TEST_REQUIRE(got.log.size() == 1U);
            BOOST_TEST(got.log[0].second.starts_with("Exception on /a path [GET]: "));
        }
    }
    BOOST_TEST(ask(throw_errno<ENOSPC>, with(507, own_page)).rs.body() == "own page: Insufficient Storage at /a path");
}

BOOST_AUTO_TEST_CASE(another_system_error_is_not_a_full_disk) {
    for (plain_handler const next : {plain_handler(throw_errno<EACCES>), plain_handler(throw_foreign_code)})
        BOOST_TEST(ask(next).rs.status() == 500U);
}

BOOST_AUTO_TEST_CASE(an_error_handler_that_fails_is_a_bare_500_and_both_failures_are_logged) {
    auto const got = ask(throw_secret, with(500, broken_page));
    BOOST_TEST(got.rs.status() == 500U);
    BOOST_TEST(!holds(got.rs, "broken"));
    BOOST_TEST(got.logged(severity::error, "Exception on /a path [GET]: std::runtime_error: secret detail"));
    BOOST_TEST(got.logged(severity::error, "Exception on /a path [GET]: std::logic_error: the page is broken"));
}

BOOST_AUTO_TEST_CASE(what_an_error_handler_throws_is_not_handled_again) {
    auto handlers = with(404, throwing_page);
    handlers.set(418, own_page);
    auto const got = ask(throw_not_found, handlers);
    BOOST_TEST(got.rs.status() == 500U);
    BOOST_TEST(!holds(got.rs, "own page"));
}

BOOST_AUTO_TEST_CASE(what_the_server_refuses_goes_to_the_same_handlers) {
    memory_log records;
    logger const log(records);
    logger const talkative(records, severity::debug);
    error_handlers const handlers{{400, own_page}, {404, other_page}, {404, own_page}};
    app const a = handle_errors(handlers, log, succeed);
    app const b = handle_errors(handlers, talkative, succeed);
    fake_request rq("GET", "/x");
    struct {
        refusal why;
        std::string_view body, record;
    } const cases[] = {
        {{414, "the request line is too long"},
         "{\"message\":\"URI Too Long: the request line is too long.\",\"status\":414}\n",
         "414 GET /x: the request line is too long"},
        {{400, "bad"}, "own page: Bad Request: bad. at /x", "400 GET /x: bad"},
        {{503, "full"}, "{\"message\":\"Service Unavailable: full.\",\"status\":503}\n", "503 GET /x: full"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.why.status) {
            rq->notes.refused = c.why;
            auto const before = records.records().size();
            auto const rs = run(a.refuse(rq));
            BOOST_TEST(rs.status() == c.why.status);
            BOOST_TEST(rs.body() == c.body);
            BOOST_TEST(rq->notes.error == c.why.reason);
            BOOST_TEST(records.records().size() == before);
            BOOST_TEST(run(b.refuse(rq)).body() == c.body);
            BOOST_TEST_REQUIRE(records.records().size() == before + 1);
            BOOST_TEST((records.records().back().first == severity::debug));
            BOOST_TEST(records.records().back().second == c.record);
        }
    }
    BOOST_TEST(call(a, rq).body() == "fine");
    fake_request missing("GET", "/x");
    BOOST_TEST(call(handle_errors({{404, own_page}}, log, throw_not_found), missing).body() ==
               "own page: no such thing at /x");
}

BOOST_AUTO_TEST_CASE(inner_handlers_respond_to_what_they_know) {
    auto const handlers = with(404, own_page);
    fake_request rq("GET", "/x");
    BOOST_TEST(call(guarded(handlers, succeed), rq).body() == "fine");
    BOOST_TEST(call(guarded(handlers, throw_not_found), rq).body() == "own page: no such thing at /x");
    BOOST_TEST(call(guarded(handlers, throw_not_found_at_once), rq).body() == "own page: no such thing at /x");
    BOOST_TEST(call(guarded(handlers, return_not_found), rq).body() == "own page: no such thing at /x");
    BOOST_TEST(!rq->notes.failure);
}

BOOST_AUTO_TEST_CASE(inner_handlers_pass_on_what_they_do_not_know) {
    auto const handlers = with(404, own_page);
    fake_request rq("GET", "/x");
    BOOST_CHECK_EXCEPTION((void)call(guarded(handlers, throw_unavailable), rq), http_error,
                          [](http_error const &e) { return e.status() == 503; });
    BOOST_CHECK_THROW((void)call(guarded(handlers, throw_secret), rq), std::runtime_error);
    BOOST_CHECK_THROW((void)call(guarded(handlers, throw_number), rq), int);
    BOOST_CHECK_THROW((void)call(guarded(handlers, throw_at_once), rq), std::runtime_error);
    BOOST_TEST(!rq->notes.failure);
    auto const others = with(403, own_page);
    auto returned = guarded(others, return_not_found)(rq);
    BOOST_REQUIRE(returned.error() != nullptr);
    BOOST_TEST(returned.error()->status() == 404U);
}

BOOST_AUTO_TEST_CASE(outer_handlers_respond_to_what_inner_ones_do_not_know_as_if_those_were_not_there) {
    auto const handlers = with(403, other_page);
    for (plain_handler const next : {throw_not_found, throw_not_found_at_once}) {
        memory_log records;
        logger const log(records, severity::debug);
        fake_request rq("GET", "/x");
        auto const outer = handle_errors(with(404, own_page), log, guarded(handlers, next));
        BOOST_TEST(call(outer, rq).body() == "own page: no such thing at /x");
        BOOST_TEST_REQUIRE(records.records().size() == 1U);
        BOOST_TEST(records.records()[0].second == "404 GET /x: no such thing");
    }
}

BOOST_AUTO_TEST_CASE(what_an_inner_error_handler_throws_is_for_the_outer_ones) {
    auto handlers = with(404, throwing_page);
    handlers.set(418, other_page);
    for (handler (*const next)() :
         {+[] { return handler(throw_not_found); }, +[] { return handler(throw_not_found_at_once); },
          +[] { return handler(return_not_found); }}) {
        memory_log records;
        logger const log(records);
        fake_request rq("GET", "/x");
        auto const outer = handle_errors(with(418, own_page), log, guarded(handlers, next()));
        BOOST_TEST(call(outer, rq).body() == "own page: handled no more at /x");
    }
}

BOOST_AUTO_TEST_CASE(a_handler_that_does_not_wait_needs_no_task_inside_handlers) {
    auto const handlers = with(404, own_page);
    fake_request rq("GET", "/x");
    auto result = guarded(handlers, [](request &) { return text("fine"); })(rq);
    BOOST_REQUIRE(result.value() != nullptr);
    BOOST_TEST(result.value()->body() == "fine");
}

BOOST_AUTO_TEST_CASE(an_inner_handler_of_500_answers_exceptions_and_keeps_them_for_the_log) {
    auto const handlers = with(500, own_page);
    for (plain_handler const next : {throw_secret, throw_number, throw_at_once}) {
        memory_log records;
        logger const log(records);
        fake_request rq("GET", "/x");
        auto const outer = handle_errors({}, log, guarded(handlers, next));
        BOOST_TEST(call(outer, rq).body() == "own page: Internal Server Error at /x");
        BOOST_TEST(bool(rq->notes.failure));
        BOOST_TEST_REQUIRE(records.records().size() == 1U);
        BOOST_TEST(records.records()[0].second.starts_with("Exception on /x [GET]: "));
    }
}

BOOST_AUTO_TEST_CASE(an_inner_handler_that_fails_hides_nothing_from_the_log) {
    auto const handlers = with(500, broken_page);
    memory_log records;
    logger const log(records);
    fake_request rq("GET", "/x");
    auto const outer = handle_errors({}, log, guarded(handlers, throw_secret));
    BOOST_TEST(call(outer, rq).status() == 500U);
    auto const logged = records.records();
    BOOST_TEST_REQUIRE(logged.size() == 2U);
    BOOST_TEST(logged[0].second == "Exception on /x [GET]: std::runtime_error: secret detail");
    BOOST_TEST(logged[1].second == "Exception on /x [GET]: std::logic_error: the page is broken");
}

BOOST_AUTO_TEST_SUITE_END()
