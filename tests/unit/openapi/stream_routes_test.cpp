// Handlers that are generators, as routes: their parameters, their layers, and what the document says of them.
#include "phial/errors/handle_errors.hpp"
#include "phial/http/events.hpp"
#include "phial/openapi/document.hpp"
#include "phial/routing/router.hpp"
#include "phial/runtime/pause.hpp"
#include "phial/testing/fake_request.hpp"
#include "phial/testing/memory_log.hpp"
#include "phial/testing/test_client.hpp"
#include "phial/text/concat.hpp"
#include "phial/typed/json_lines.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::literals;

namespace {

struct wanted {
    std::string name;
    number_of<1, 1000> times;
};
struct line {
    std::int64_t number;
    std::string name;
};

json_lines<line> repeat(std::string const &greeting, request &, body<wanted> in) {
    for (std::int64_t n = 1; n <= in.times; ++n) {
        line const one{n, concat(greeting, in.name)};
        co_yield one;
        if (n % 100 == 0) co_await pause(1ms);
    }
}

pieces count(request &, std::int64_t from, std::string_view unit) {
    for (auto n = from; n > 0; --n) {
        co_yield concat(n, " ", unit, "\n");
        co_await pause(1ms);
    }
}

events never(request &) { co_await pause(1h); }

// 404 is decided before the head is sent.
response checked(request &rq, std::int64_t from) {
    if (from > 10) throw http_error(404, "It begins at ten.");
    return stream(count(rq, from, "s"), "text/csv").set("X-From", concat(from));
}

task<response> mark(handler const &next, request &rq) {
    auto rs = co_await next(rq);
    rs.set("X-Layer", "yes");
    co_return rs;
}

struct served {
    std::string greeting = "Hello ";
    memory_log records;
    logger log{records, severity::info};
    std::string document;
    app all = make();

    app make() {
        blueprint bp;
        bp.post<"/repeat">(repeat, std::as_const(greeting)).use(mark);
        bp.get<"/count/<int:from>/<unit>">(count);
        bp.get<"/events">(never);
        bp.get<"/checked/<int:from>">(checked);
        router routes;
        routes.mount(std::move(bp));
        document = openapi({.title = "t", .version = "1"}, routes);
        return handle_errors({}, log, std::move(routes));
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(stream_routes)

BOOST_AUTO_TEST_CASE(a_generator_takes_what_a_handler_takes) {
    served s;
    test_client const client(s.all);
    BOOST_TEST(client.get("/count/2/min").body() == "2 min\n1 min\n");
    auto const rs = client.post("/repeat", {{"name", "Ann"}, {"times", 2}});
    BOOST_TEST(rs.body() == "{\"number\":1,\"name\":\"Hello Ann\"}\n{\"number\":2,\"name\":\"Hello Ann\"}\n");
    BOOST_TEST(rs.content_type_literal() == "application/x-ndjson");
    BOOST_TEST(rs.get("X-Layer") == "yes");
    BOOST_TEST(client.post("/repeat", {{"name", "Ann"}, {"times", 0}}).status() == 422U);
}

BOOST_AUTO_TEST_CASE(its_body_may_come_later_in_pieces) {
    served s;
    test_client const client(s.all);
    fake_request rq("POST", "/repeat", {{"Content-Type", "application/json"}},
                    cut(R"({"name": "a name that is too long to be kept within a string", "times": 250})", 7));
    auto const rs = client.send(rq);
    BOOST_TEST(rs.status() == 200U);
    BOOST_TEST(std::count(rs.body().begin(), rs.body().end(), '\n') == 250);
    BOOST_TEST(rs.body().ends_with("\"name\":\"Hello a name that is too long to be kept within a string\"}\n"));
}

BOOST_AUTO_TEST_CASE(a_handler_may_decide_before_the_stream_begins) {
    served s;
    test_client const client(s.all);
    auto const rs = client.get("/checked/1");
    BOOST_TEST(rs.body() == "1 s\n");
    BOOST_TEST(rs.content_type_literal() == "text/csv");
    BOOST_TEST(rs.get("X-From") == "1");
    BOOST_TEST(client.get("/checked/11").status() == 404U);
}

BOOST_AUTO_TEST_CASE(an_endless_stream_is_not_read_by_the_test_client) {
    served s;
    auto const rs = test_client(s.all).get("/events");
    BOOST_TEST(rs.status() == 200U);
    BOOST_TEST(rs.body().empty());
    BOOST_TEST((rs.stream() == nullptr)); // it would refer to a request that is gone
}

BOOST_AUTO_TEST_CASE(the_document_knows_its_content) {
    served s;
    auto const document = json::parse(s.document);
    auto const content_of = [&](std::string_view path, std::string_view method) {
        std::string types;
        for (auto const &[type, what] : document["paths"][path][method]["responses"]["200"]["content"].members())
            types += concat(type, what["schema"] ? " with a schema;" : ";");
        return types;
    };
    BOOST_TEST(content_of("/events", "get").starts_with("text/event-stream"));
    BOOST_TEST(content_of("/count/{from}/{unit}", "get").starts_with("text/plain"));
    BOOST_TEST(content_of("/repeat", "post") == "application/x-ndjson with a schema;");
    BOOST_TEST(s.document.find("\"line\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
