// The type-erased handler.
#include "phial/http/handler.hpp"
#include "phial/http/http_error.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
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

struct answers_at_once {
    response operator()(request &) const { return response(); }
};

static_assert(std::is_move_constructible_v<handler> && !std::is_copy_constructible_v<handler>);
static_assert(std::is_constructible_v<handler, task<response> (*)(request &)>);
static_assert(!std::is_constructible_v<handler, changes_itself>, "it is called from all loops at once");
static_assert(!std::is_constructible_v<handler, answers_at_once>);

} // namespace

BOOST_AUTO_TEST_SUITE(handlers)

BOOST_AUTO_TEST_CASE(functions_lambdas_and_objects_are_handlers) {
    fake_request rq("GET", "/x");
    BOOST_TEST(call(handler(view_of), rq).body() == "view of /x");
    handler const lambda = [](request &) -> task<response> { co_return response(204); };
    BOOST_TEST(call(lambda, rq).status() == 204U);
    BOOST_TEST(call(handler(counted(nullptr)), rq).body() == "7");
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
