// Handlers that declare what they want and what they answer with.
#include "phial/routing/blueprint.hpp"

#include "phial/errors/handle_errors.hpp"
#include "phial/http/json.hpp"
#include "phial/routing/router.hpp"
#include "phial/testing/memory_log.hpp"
#include "phial/testing/test_client.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

struct new_note {
    text_of<1, 20> title;
    list_of<text_of<1, 10>, 3> tags = {};
    std::optional<std::string> source;
};
struct note {
    std::int64_t id;
    std::string title;
    std::vector<std::string> tags;
};
struct paging {
    number_of<1, 100> limit = 10;
    std::vector<std::string> tag = {"none"};
};
struct condition {
    std::optional<std::string> if_match;
};
struct login {
    text_of<1, 20> name;
    text_of<1, 20> password;
};

// What is bound, and counts.
struct store {
    int calls = 0;
};

task<created<note>> add(store &s, request &, body<new_note> in) {
    ++s.calls;
    co_return created<note>{"/notes/1", {1, std::move(in.title), {in.tags.begin(), in.tags.end()}}};
}
task<note> replace(store &s, request &, std::int64_t id, body<new_note> in, header<condition> head, query<paging> q) {
    ++s.calls;
    co_return note{id, in.title + head.if_match.value_or("-") + std::to_string(q.limit), q.tag};
}
task<std::optional<note>> find(request &, std::int64_t id) {
    if (id != 1) co_return std::nullopt;
    co_return note{id, "one", {}};
}
task<> drop(request &, std::string_view) { co_return; }
std::vector<note> all(request &, query<paging> q) { return {{q.limit, "n", q.tag}}; }
task<response> plain(request &, body<std::vector<int>> in) { co_return text(in.size()); }
response at_once(request &, query<paging> q) { return text(std::int64_t{q.limit}); }
task<std::string> enter(request &, form<login> in) { co_return in.name + "/" + in.password; }
task<note> fail(request &, std::int64_t) {
    throw http_error(409, "taken");
    co_return note{};
}
task<std::uint64_t> held(request &rq, body<std::vector<std::string>>) { co_return rq.held_memory(); }
task<double> unwritable(request &) { co_return 1.0 / 0.0; }

struct fixture {
    fixture() {
        blueprint bp("/v1");
        bp.post<"/notes">(add, stored);
        bp.put<"/notes/<int:id>">(replace, stored);
        bp.get<"/notes/<int:id>">(find);
        bp.delete_<"/notes/<name>">(drop);
        bp.get<"/notes">(all);
        bp.post<"/plain">(plain);
        bp.get<"/at-once">(at_once);
        bp.post<"/enter">(enter);
        bp.patch<"/notes/<int:id>">(fail);
        bp.get<"/unwritable">(unwritable);
        bp.post<"/held">(held);
        bp.put<"/nothing">([](request &, body<new_note>) {});
        bp.post<"/lambda">([](request &, body<new_note> in) -> task<note> { co_return note{2, in.title, {}}; });
        router routes;
        routes.mount(std::move(bp));
        served.emplace(handle_errors({}, log, std::move(routes)));
    }
    response send(std::string method, std::string target, std::string content = {},
                  fake_request::headers lines = {{"Content-Type", "application/json"}}) {
        return test_client(*served).send(std::move(method), "/v1" + target, std::move(lines), std::move(content));
    }

    store stored;
    memory_log records;
    logger log{records, severity::info};
    std::optional<app> served;
};

task<created<note>> later(std::string location) { co_return created<note>{std::move(location), {1, "t", {}}}; }

bool holds(response const &rs, std::string_view part) { return rs.body().find(part) != std::string::npos; }

} // namespace

BOOST_FIXTURE_TEST_SUITE(typed_handlers, fixture)

BOOST_AUTO_TEST_CASE(a_body_comes_as_a_struct_and_a_struct_goes_as_json) {
    auto const rs = send("POST", "/notes", R"({"tags":["a","b"],"title":"Tea"})");
    BOOST_TEST(rs.status() == 201U);
    BOOST_TEST(rs.get("Location") == "/notes/1");
    BOOST_TEST(rs.get("Content-Type") == "application/json");
    BOOST_TEST(rs.body() == "{\"id\":1,\"title\":\"Tea\",\"tags\":[\"a\",\"b\"]}\n");
}

BOOST_AUTO_TEST_CASE(the_location_of_what_was_made_is_under_the_root_path) {
    struct {
        char const *root, *location, *sent;
    } const cases[] = {
        {"", "/notes/1", "/notes/1"},
        {"/api", "/notes/1", "/api/notes/1"},
        {"/api", "/api/notes/1", "/api/notes/1"}, // by url_for
        {"/api", "/apis/1", "/api/apis/1"},
        {"/api", "/api?x", "/api?x"},
        {"/api", "/api", "/api"},
        {"/api", "1", "1"}, // relative to the path of the request
        {"/api", "https://a/notes/1", "https://a/notes/1"},
        {"/api", "//a/notes/1", "//a/notes/1"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.root << " and " << c.location) {
            blueprint bp;
            bp.post<"/notes">([&](request &) { return created<note>{c.location, {1, "t", {}}}; });
            bp.post<"/later">([&](request &) { return later(c.location); });
            router routes;
            routes.mount(std::move(bp));
            app const all = handle_errors({}, log, std::move(routes));
            service_context context;
            context.root_path = c.root;
            BOOST_TEST(test_client(all, context).send("POST", "/notes").get("Location") == c.sent);
            BOOST_TEST(test_client(all, context).send("POST", "/later").get("Location") == c.sent);
        }
}

BOOST_AUTO_TEST_CASE(path_body_header_fields_and_query_come_together) {
    auto const rs = send("PUT", "/notes/7?limit=5&tag=x&tag=y&other=1", R"({"title":"t"})",
                         {{"Content-Type", "application/merge-patch+json; charset=utf-8"}, {"If-Match", "\"v\""}});
    BOOST_TEST(rs.status() == 200U);
    BOOST_TEST(rs.body() == "{\"id\":7,\"title\":\"t\\\"v\\\"5\",\"tags\":[\"x\",\"y\"]}\n");
}

BOOST_AUTO_TEST_CASE(results_have_the_status_code_of_their_type) {
    BOOST_TEST(send("GET", "/notes/1").body() == "{\"id\":1,\"title\":\"one\",\"tags\":[]}\n");
    BOOST_TEST(send("GET", "/notes/2").status() == 404U);
    BOOST_TEST(send("DELETE", "/notes/x").status() == 204U);
    BOOST_TEST(send("DELETE", "/notes/x").body() == "");
    BOOST_TEST(send("GET", "/notes?limit=3").body() == "[{\"id\":3,\"title\":\"n\",\"tags\":[\"none\"]}]\n");
    BOOST_TEST(send("POST", "/plain", "[1,2,3]").body() == "3");
    BOOST_TEST(send("GET", "/at-once").body() == "10");
    BOOST_TEST(send("PATCH", "/notes/1", "").status() == 409U);
    BOOST_TEST(send("POST", "/lambda", R"({"title":"t"})").body() == "{\"id\":2,\"title\":\"t\",\"tags\":[]}\n");
    BOOST_TEST(send("GET", "/unwritable").status() == 500U);
    BOOST_TEST(send("PUT", "/nothing", R"({"title":"t"})").status() == 204U);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_422_with_all_faults_and_the_handler_is_not_called) {
    auto const rs = send("PUT", "/notes/7?limit=0", R"({"titel":"x","tags":[1]})",
                         {{"Content-Type", "application/json"}, {"Accept", "application/problem+json"}});
    BOOST_TEST(rs.status() == 422U);
    BOOST_TEST(rs.get("Content-Type") == "application/problem+json");
    auto const expected = json{{"type", "about:blank"},
                               {"title", "Unprocessable Content"},
                               {"status", 422},
                               {"detail", "The body's /titel is not known here, and there are 3 more faults."},
                               {"errors", json::parse(R"([
            {"pointer":"/titel","detail":"is not known here","expected":"only title, tags or source","got":"\"titel\""},
            {"pointer":"/tags/0","detail":"must be a text of 1 to 10 characters",
             "expected":"a text of 1 to 10 characters","got":"a number"},
            {"pointer":"/title","detail":"is missing","expected":"a text of 1 to 20 characters","got":"nothing"},
            {"in":"query","parameter":"limit","detail":"must be an integer from 1 to 100",
             "expected":"an integer from 1 to 100","got":"\"0\""}])")}};
    BOOST_TEST(rs.body() == std::string(expected.text()) + '\n');
    BOOST_TEST(stored.calls == 0);
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_400_and_another_media_type_415) {
    auto const broken = send("POST", "/notes", "{\"title\":");
    BOOST_TEST(broken.status() == 400U);
    BOOST_TEST(holds(broken, "The body is not valid JSON: incomplete"));
    BOOST_TEST(send("POST", "/notes", "").status() == 400U);
    for (auto const &lines : {fake_request::headers{}, fake_request::headers{{"Content-Type", "text/plain"}}}) {
        auto const other = send("POST", "/notes", R"({"title":"t"})", lines);
        BOOST_TEST(other.status() == 415U);
        BOOST_TEST(other.get("Accept") == "application/json");
    }
    BOOST_TEST(stored.calls == 0);
}

BOOST_AUTO_TEST_CASE(a_body_that_arrives_in_pieces_is_read_the_same) {
    std::string const content = R"({"title":"Tea","tags":["a"]})";
    for (std::size_t size = 1; size <= content.size(); size += 5) {
        fake_request rq("POST", "/v1/notes", {{"Content-Type", "application/json"}}, cut(content, size));
        BOOST_TEST(test_client(*served).send(rq).body() == "{\"id\":1,\"title\":\"Tea\",\"tags\":[\"a\"]}\n");
    }
    fake_request wrong("POST", "/v1/notes", {{"Content-Type", "application/json"}}, cut(R"({"title":""})", 3));
    BOOST_TEST(test_client(*served).send(wrong).status() == 422U);
    fake_request broken("POST", "/v1/notes", {{"Content-Type", "application/json"}}, cut(R"({"title")", 3));
    BOOST_TEST(test_client(*served).send(broken).status() == 400U);
}

BOOST_AUTO_TEST_CASE(what_was_read_is_counted_until_the_response_has_been_sent) {
    auto const rs = send("POST", "/held", "[\"" + std::string(10'000, 'x') + "\"]");
    BOOST_TEST(std::stoull(rs.body()) > 10'000U);
}

BOOST_AUTO_TEST_CASE(field_lines_of_one_name_are_one_list) {
    auto const rs = send("PUT", "/notes/7", R"({"title":"t"})",
                         {{"Content-Type", "application/json"}, {"If-Match", "\"a\""}, {"if-match", "\"b\""}});
    BOOST_TEST(holds(rs, R"("title":"t\"a\", \"b\"10")"));
}

BOOST_AUTO_TEST_CASE(a_form_is_read_from_both_of_its_media_types) {
    fake_request::headers const urlencoded{{"Content-Type", "application/x-www-form-urlencoded"}};
    BOOST_TEST(send("POST", "/enter", "name=A+B&password=%C3%A9", urlencoded).body() == "\"A B/\u00e9\"\n");
    fake_request::headers const multipart{{"Content-Type", "multipart/form-data; boundary=x"}};
    auto const part = [](std::string const &name, std::string const &rest) {
        return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"" + rest + "\r\n";
    };
    auto const right = part("name", "\r\n\r\nA") + part("password", "\r\n\r\nsecret") + "--x--\r\n";
    BOOST_TEST(send("POST", "/enter", right, multipart).body() == "\"A/secret\"\n");
    auto const file = part("name", "; filename=\"f\"\r\n\r\nA") + "--x--\r\n";
    BOOST_TEST(send("POST", "/enter", file, multipart).status() == 422U);
    BOOST_TEST(holds(send("POST", "/enter", file, multipart), R"("detail":"is a file")"));
    auto const faulty = send("POST", "/enter", "name=&nmae=x", urlencoded);
    BOOST_TEST(faulty.status() == 422U);
    BOOST_TEST(holds(faulty, R"("pointer":"/nmae")"));
    BOOST_TEST(holds(faulty, R"("pointer":"/password")"));
    auto const other = send("POST", "/enter", "{}");
    BOOST_TEST(other.status() == 415U);
    BOOST_TEST(other.get("Accept") == "application/x-www-form-urlencoded, multipart/form-data");
}

BOOST_AUTO_TEST_CASE(named_routes_work_with_every_method) {
    static constexpr phial::route<"/things/<int:id>", "thing"> thing;
    blueprint bp;
    bp.put(thing, [](request &, std::int64_t id) { return text("put ", id); });
    bp.patch(thing, [](request &, std::int64_t id) { return text("patch ", id); });
    bp.delete_(thing, [](request &, std::int64_t id) { return text("delete ", id); });
    router routes;
    routes.mount(std::move(bp));
    app const a = handle_errors({}, log, std::move(routes));
    BOOST_TEST(test_client(a).send("PUT", "/things/1").body() == "put 1");
    BOOST_TEST(test_client(a).send("PATCH", "/things/2").body() == "patch 2");
    BOOST_TEST(test_client(a).send("DELETE", "/things/3").body() == "delete 3");
}

BOOST_AUTO_TEST_SUITE_END()
