// The type-erased handler.
#include "phial/http/handler.hpp"
#include "phial/http/http_error.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <exception>
#include <memory>
#include <optional>
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

// Responds to http_errors of one status with another one, to everything else never; and notes what it is told.
class responder final : public error_responder {
  public:
    responder(unsigned status, unsigned instead) : status_(status), instead_(instead) {}

    std::optional<response> respond_to(request &rq, http_error const &e) const override {
        rq.notes.user += concat(instead_, " asked ", e.status(), "; ");
        return e.status() == status_ ? std::optional(response(instead_)) : std::nullopt;
    }
    std::optional<response> respond_to(request &rq, std::exception_ptr const &) const override {
        rq.notes.user += concat(instead_, " asked; ");
        return std::nullopt;
    }
    void responded(request &rq) const noexcept override { rq.notes.user += concat(instead_, " told; "); }

  private:
    unsigned status_;
    unsigned instead_;
};

// Its error handler fails.
class broken final : public error_responder {
  public:
    std::optional<response> respond_to(request &, http_error const &) const override { throw http_error(409); }
    std::optional<response> respond_to(request &, std::exception_ptr const &) const override {
        throw std::logic_error("broken");
    }
    void responded(request &) const noexcept override {}
};

template <unsigned Status>
task<response> fail(request &) {
    throw http_error(Status);
    co_return response();
}

task<response> fail_unexpectedly(request &) {
    throw std::runtime_error("unexpected");
    co_return response();
}

// Awaited as a layer does it.
template <class... Guards>
response guarded(request &rq, handler const &h, Guards const &...guards) {
    auto result = h.call(rq);
    (result.guard(guards), ...);
    return run(outcome::as_task(std::move(result), rq));
}

// Awaited as the server does it.
template <class... Guards>
response served(request &rq, task<response> (*h)(request &), Guards const &...guards) {
    outcome result = h(rq);
    (result.guard(guards), ...);
    try {
        auto rs = run(std::move(*result.pending()));
        result.succeed(rq, std::move(rs));
    } catch (http_error const &e) {
        result.fail(rq, e);
    } catch (...) {
        result.fail(rq, std::current_exception());
    }
    BOOST_TEST((result.pending() == nullptr && result.error() == nullptr));
    return std::move(*result.value());
}

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

BOOST_AUTO_TEST_CASE(guards_respond_from_the_inside_out_and_outer_ones_are_told) {
    responder const a(404, 591);
    responder const b(418, 592);
    responder const c(418, 593);
    struct {
        task<response> (*handler)(request &);
        unsigned status;
        std::string_view told;
    } const cases[] = {
        {view_of, 200, "591 told; 592 told; 593 told; "},
        {fail<404>, 591, "591 asked 404; 592 told; 593 told; "},
        {fail<418>, 592, "591 asked 418; 592 asked 418; 593 told; "},
    };
    for (auto const &one : cases) {
        BOOST_TEST_CONTEXT(one.told) {
            fake_request awaited("GET", "/");
            BOOST_TEST(guarded(awaited, one.handler, a, b, c).status() == one.status);
            BOOST_TEST(awaited->notes.user == one.told);
            fake_request rq("GET", "/");
            BOOST_TEST(served(rq, one.handler, a, b, c).status() == one.status);
            BOOST_TEST(rq->notes.user == one.told);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_no_guard_responds_to_is_thrown_for_a_layer_and_plain_for_the_server) {
    responder const a(404, 591);
    responder const b(404, 592);
    fake_request rq("GET", "/");
    BOOST_CHECK_EXCEPTION((void)guarded(rq, fail<418>, a, b), http_error,
                          [](http_error const &e) { return e.status() == 418; });
    BOOST_TEST(served(rq, fail<418>, a, b).status() == 418U);
    BOOST_CHECK_THROW((void)guarded(rq, fail_unexpectedly, a, b), std::runtime_error);
    BOOST_TEST(served(rq, fail_unexpectedly, a, b).status() == 500U);
}

BOOST_AUTO_TEST_CASE(what_a_guard_throws_goes_to_the_next_one_instead) {
    broken const inner;
    responder const outer(409, 592);
    fake_request rq("GET", "/");
    BOOST_TEST(guarded(rq, fail<404>, inner, outer).status() == 592U);
    BOOST_TEST(served(rq, fail<404>, inner, outer).status() == 592U);
    BOOST_CHECK_EXCEPTION((void)guarded(rq, fail<404>, inner), http_error,
                          [](http_error const &e) { return e.status() == 409; });
    BOOST_TEST(served(rq, fail<404>, inner).status() == 409U);
    BOOST_CHECK_THROW((void)guarded(rq, fail_unexpectedly, inner, outer), std::logic_error);
    BOOST_TEST(served(rq, fail_unexpectedly, inner, outer).status() == 500U);
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
