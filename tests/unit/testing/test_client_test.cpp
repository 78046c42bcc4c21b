#include "phial/testing/test_client.hpp"

#include "phial/errors/handle_errors.hpp"
#include "phial/routing/router.hpp"
#include "phial/testing/memory_log.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

using namespace phial;
using namespace phial::testing;

namespace {

// Reads the request while it is sent: that must still be there.
class path_stream final : public body_stream {
  public:
    explicit path_stream(request &rq) : rq_(rq) {}
    task<std::optional<std::string_view>> next() override {
        if (++given_ > 2) co_return std::nullopt;
        co_return rq_.path();
    }
    std::optional<std::uint64_t> length() const noexcept override { return std::nullopt; }

  private:
    request &rq_;
    int given_ = 0;
};

task<response> greet(request &rq, std::string_view name) {
    co_return text("Hello, ", name, rq.arg("mark").value_or("!"), "\n");
}

task<response> show(request &rq) { co_return jsonify(rq, co_await rq.json()); }

task<response> twice(request &rq) { co_return response().stream(std::make_unique<path_stream>(rq)); }

task<response> add_field(handler const &next, request &rq) {
    auto rs = co_await next(rq);
    co_return std::move(rs.set("X-Layer", "seen"));
}

struct served {
    memory_log records;
    logger log{records};
    app whole = make(log);

    static app make(logger const &log) {
        blueprint bp;
        bp.get<"/greet/<name>">(greet);
        bp.post<"/echo">(show);
        bp.get<"/twice">(twice);
        router routes;
        routes.mount(std::move(bp));
        return with(handle_errors({}, log, std::move(routes)), add_field);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(test_clients)

BOOST_AUTO_TEST_CASE(a_request_goes_through_routes_and_layers) {
    served s;
    test_client const client(s.whole);
    auto const rs = client.get("/greet/Ann?mark=.");
    BOOST_TEST(rs.status() == 200U);
    BOOST_TEST(rs.body() == "Hello, Ann.\n");
    BOOST_TEST(rs.get("X-Layer") == "seen");
    BOOST_TEST(client.post("/echo", {{"a", 1}}).body() == "{\"a\":1}\n");
    BOOST_TEST(client.send("OPTIONS", "/echo").get("Allow") == "POST, OPTIONS");
}

BOOST_AUTO_TEST_CASE(every_method_has_its_function_and_a_client_may_be_logged_in) {
    auto const say = [](request &rq) {
        return text(rq.method(), " ", rq.content_type().subtype, " ", rq.header("Authorization").value_or("nobody"));
    };
    app const a{handler(say), handler(say)};
    test_client const client(a);
    BOOST_TEST(client.get("/").body() == "GET  nobody");
    BOOST_TEST(client.delete_("/").body() == "DELETE  nobody");
    BOOST_TEST(client.put("/", {{"a", 1}}).body() == "PUT json nobody");
    BOOST_TEST(client.patch("/", {{"a", 1}}).body() == "PATCH json nobody");
    auto const admin = client.as("Aladdin", "open sesame"); // the example of RFC 7617 2
    BOOST_TEST(admin.get("/").body() == "GET  Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    BOOST_TEST(admin.get("/", {{"authorization", "own"}}).body() == "GET  own");
    BOOST_TEST(client.get("/").body() == "GET  nobody");
}

BOOST_AUTO_TEST_CASE(errors_are_what_the_apps_error_handlers_make_of_them) {
    served s;
    test_client const client(s.whole);
    BOOST_TEST(client.get("/nowhere").status() == 404U);
    BOOST_TEST(client.get("/echo").status() == 405U);
    BOOST_TEST(client.post("/echo", "application/json", "{").status() == 400U);
    BOOST_TEST(client.get("/nowhere").get("X-Layer") == "seen");
    BOOST_CHECK_THROW((void)client.send("BREW", "/"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_stream_is_read_to_its_end_while_its_request_lives) {
    served s;
    auto const rs = test_client(s.whole).get("/twice");
    BOOST_TEST(rs.body() == "/twice/twice");
    BOOST_TEST((rs.stream() == nullptr));
}

BOOST_AUTO_TEST_CASE(limits_are_those_of_the_context) {
    served s;
    service_context context;
    context.limits.body_in_memory = 8;
    test_client const client(s.whole, context);
    BOOST_TEST(client.post("/echo", "application/json", "12345678").status() == 200U);
    BOOST_TEST(client.post("/echo", "application/json", "123456789").status() == 413U);
}

BOOST_AUTO_TEST_SUITE_END()
