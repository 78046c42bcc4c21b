// The type-erased handler.
#include "phial/http/handler.hpp"
#include "phial/http/http_error.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

using namespace phial;
using namespace phial::testing;

namespace {

task<response> view_of(request &rq) { co_return text("view of ", rq.path()); }

// Owns something that cannot be copied.
class counted {
  public:
    explicit counted(std::shared_ptr<int> alive) : own_(std::make_unique<int>(7)), alive_(std::move(alive)) {}
    task<response> operator()(request &) const { return answer(*own_); }

  private:
    static task<response> answer(int value) { co_return text(value); }
    std::unique_ptr<int> own_;
    std::shared_ptr<int> alive_;
};

struct changes_itself {
    task<response> operator()(request &rq) { return view_of(rq); }
};

struct never_waits {
    response operator()(request &) const { return text("at once"); }
};

http_error refuse(request &) { return http_error(409, "not twice"); }

// Responds to every error with 599.
class all_alike final : public error_responder {
  public:
    response respond_to(request &, http_error const &) const noexcept override { return response(599); }
    response respond_to(request &, std::exception_ptr const &) const noexcept override { return response(599); }
    void responded(request &rq) const noexcept override { rq.notes.user = "responded"; }
};

static_assert(std::is_move_constructible_v<handler> && !std::is_copy_constructible_v<handler>);
static_assert(std::is_constructible_v<handler, task<response> (*)(request &)>);
static_assert(!std::is_constructible_v<handler, changes_itself>, "it is called from all loops at once");
static_assert(std::is_constructible_v<handler, never_waits>);
static_assert(!std::is_constructible_v<handler, std::string (*)(request &)>);

} // namespace

BOOST_AUTO_TEST_SUITE(handlers)

BOOST_AUTO_TEST_CASE(functions_lambdas_and_objects_are_handlers) {
    fake_request rq("GET", "/x");
    BOOST_TEST(call(handler(view_of), rq).body() == "view of /x");
    handler const lambda = [](request &) -> task<response> { co_return response(204); };
    BOOST_TEST(call(lambda, rq).status() == 204U);
    BOOST_TEST(call(handler(counted(nullptr)), rq).body() == "7");
    BOOST_TEST(call(handler(never_waits()), rq).body() == "at once");
}

BOOST_AUTO_TEST_CASE(a_handler_that_never_waits_gives_no_task) {
    fake_request rq("GET", "/");
    auto at_once = handler(never_waits()).call(rq);
    BOOST_REQUIRE(at_once.value() != nullptr);
    BOOST_TEST((at_once.pending() == nullptr && at_once.error() == nullptr));
    auto refused = handler(refuse).call(rq);
    BOOST_REQUIRE(refused.error() != nullptr);
    BOOST_TEST(refused.error()->status() == 409U);
    BOOST_TEST((handler(view_of).call(rq).pending() != nullptr));
}

BOOST_AUTO_TEST_CASE(for_a_layer_a_returned_error_is_thrown) {
    fake_request rq("GET", "/");
    BOOST_CHECK_EXCEPTION((void)call(handler(refuse), rq), http_error,
                          [](http_error const &e) { return e.what() == std::string_view("not twice"); });
}

BOOST_AUTO_TEST_CASE(the_innermost_guard_responds_to_what_a_task_throws) {
    all_alike const inner;
    all_alike const outer;
    auto const failing = [](request &) -> task<response> {
        throw http_error(418);
        co_return response();
    };
    auto const guarded = [&](handler const &h, request &rq) {
        auto result = h.call(rq);
        result.guard(inner);
        result.guard(outer);
        return run(outcome::as_task(std::move(result), rq));
    };
    fake_request rq("GET", "/");
    BOOST_TEST(guarded(failing, rq).status() == 599U);
    BOOST_TEST(rq->notes.user.empty());
    BOOST_TEST(guarded(view_of, rq).body() == "view of /");
    BOOST_TEST(rq->notes.user == "responded");
}

BOOST_AUTO_TEST_CASE(without_a_guard_an_error_has_its_message_and_anything_else_only_a_status_code) {
    fake_request rq("GET", "/");
    outcome result = response();
    result.fail(rq, http_error(404, "no such thing"));
    BOOST_TEST(result.value()->status() == 404U);
    BOOST_TEST(result.value()->body() == "no such thing\n");
    result.fail(rq, std::make_exception_ptr(std::logic_error("secret")));
    BOOST_TEST(result.value()->status() == 500U);
    BOOST_TEST(result.value()->body().empty());
    rq->notes.cancelled = "slow";
    result.fail(rq, std::make_exception_ptr(std::logic_error("secret")));
    BOOST_TEST(result.value()->status() == 503U);
}

BOOST_AUTO_TEST_CASE(a_handler_owns_what_it_calls_and_gives_it_away_when_moved) {
    fake_request rq("GET", "/");
    auto const alive = std::make_shared<int>();
    {
        handler first = counted(alive);
        BOOST_TEST(alive.use_count() == 2);
        handler const second = std::move(first);
        BOOST_TEST(alive.use_count() == 2);
        BOOST_TEST(call(second, rq).body() == "7");
        BOOST_TEST(call(second, rq).body() == "7");
    }
    BOOST_TEST(alive.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(what_a_handler_throws_gets_through) {
    fake_request rq("GET", "/");
    handler const failing = [](request &) -> task<response> {
        throw http_error(418);
        co_return response();
    };
    BOOST_CHECK_EXCEPTION((void)call(failing, rq), http_error, [](http_error const &e) { return e.status() == 418; });
}

BOOST_AUTO_TEST_SUITE_END()
