// The document of routes. That it is true is tested by tests/openapi.
#include "phial/http/json.hpp"
#include "phial/openapi/documentation.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

struct item {
    text_of<1, 9> name;
};
struct paging {
    number_of<1, 9> limit = 3;
    std::vector<std::string> tag;
    std::optional<std::string> word;
    bool old;
};
struct condition {
    std::optional<std::string> if_none_match;
};

task<response> plain(request &) { co_return text("plain"); }
task<response> numbered(request &, std::int64_t) { co_return text("numbered"); }
task<response> measured(request &, double) { co_return text("measured"); }
task<response> named(request &, std::string_view) { co_return text("named"); }
task<std::optional<item>> find(request &, std::string_view, query<paging>, header<condition>) {
    co_return std::nullopt;
}
task<created<item>> add(request &, body<item> in) { co_return created<item>{"/items/1", std::move(in)}; }
task<> fill(request &, form<item>) { co_return; }

struct login_layer {
    outcome operator()(handler const &next, request &rq) const { return next.call(rq); }
    [[nodiscard]] std::vector<layer_fact> facts() const { return {{"security", "Basic realm=\"The Staff\""}}; }
};

std::string document_of(blueprint bp) {
    router routes;
    routes.mount(std::move(bp));
    return openapi({.title = "Items", .version = "1.2"}, routes);
}

// What is at a JSON pointer of the document, as JSON.
std::string at(std::string const &document, std::string_view pointer) {
    auto const whole = json::parse(document);
    json_at place(whole.view(), whole.view());
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        std::string name(pointer.substr(0, pointer.find('/')));
        pointer.remove_prefix(name.size());
        for (auto found = name.find("~1"); found != name.npos; found = name.find("~1")) name.replace(found, 2, "/");
        place = place.kind() == json_kind::array ? place[std::stoi(name)] : place[name];
    }
    return place.exists() ? std::string(place.as<json>().text()) : "nothing";
}

} // namespace

BOOST_AUTO_TEST_SUITE(documents)

BOOST_AUTO_TEST_CASE(a_path_is_written_with_its_prefix_and_parameters) {
    blueprint bp("/shop");
    bp.get<"/items/<int:id>">(numbered);
    bp.get<"/sizes/<float:x>">(measured);
    bp.get<"/files/<path:name>">(named);
    auto const document = document_of(std::move(bp));
    auto const schema = [&](std::string_view path) {
        return at(document, concat("/paths/~1shop~1", path, "/get/parameters/0/schema"));
    };
    BOOST_TEST(schema("items~1{id}") == R"({"format":"int64","minimum":0,"type":"integer"})");
    BOOST_TEST(schema("sizes~1{x}") == R"({"examples":["1.5"],"pattern":"^[0-9]+\\.[0-9]+$","type":"string"})");
    BOOST_TEST(schema("files~1{name}") == R"({"minLength":1,"type":"string"})");
    BOOST_TEST(at(document, "/paths/~1shop~1items~1{id}/get/tags") == R"(["shop"])");
    BOOST_TEST(at(document, "/paths/~1shop~1items~1{id}/get/operationId") == R"("get_shop_items_id")");
    BOOST_TEST(at(document, "/paths/~1shop~1items~1{id}/get/summary") == R"("GET /shop/items/{id}")");
    BOOST_TEST(at(document, "/tags") == R"([{"description":"The addresses under /shop.","name":"shop"}])");
}

BOOST_AUTO_TEST_CASE(parameters_are_what_the_handler_declares) {
    blueprint bp;
    bp.get<"/items/<name>">(find);
    auto const document = document_of(std::move(bp));
    auto const parameter = [&](int n) { return at(document, concat("/paths/~1items~1{name}/get/parameters/", n)); };
    BOOST_TEST(parameter(1) == R"({"in":"query","name":"limit",)"
                               R"("schema":{"default":3,"format":"int64","maximum":9,"minimum":1,"type":"integer"}})");
    BOOST_TEST(parameter(2) == R"({"in":"query","name":"tag","schema":{"items":{"type":"string"},"type":"array"}})");
    BOOST_TEST(parameter(3) == R"({"in":"query","name":"word","schema":{"type":"string"}})");
    BOOST_TEST(parameter(4) == R"({"in":"query","name":"old","required":true,"schema":{"type":"boolean"}})");
    BOOST_TEST(parameter(5) == R"({"in":"header","name":"If-None-Match","schema":{"type":"string"}})");
    BOOST_TEST(at(document, "/paths/~1items~1{name}/get/responses/404/$ref") ==
               R"("#/components/responses/not_found")");
}

BOOST_AUTO_TEST_CASE(contents_are_what_the_handler_declares) {
    blueprint bp;
    bp.post<"/items">(add);
    bp.put<"/items">(fill);
    auto const document = document_of(std::move(bp));
    BOOST_TEST(
        at(document, "/paths/~1items/post/requestBody") ==
        R"({"content":{"application/json":{"schema":{"$ref":"#/components/schemas/item.input"}}},"required":true})");
    BOOST_TEST(at(document, "/paths/~1items/post/responses/201/content") ==
               R"({"application/json":{"schema":{"$ref":"#/components/schemas/item"}}})");
    BOOST_TEST(at(document, "/paths/~1items/post/responses/201/headers/Location/required") == "true");
    BOOST_TEST(at(document, "/paths/~1items/put/responses/204") == R"({"description":"No Content"})");
    for (auto const *media_type : {"application~1x-www-form-urlencoded", "multipart~1form-data"})
        BOOST_TEST(at(document, concat("/paths/~1items/put/requestBody/content/", media_type, "/schema/required")) ==
                   R"(["name"])");
    BOOST_TEST(at(document, "/paths/~1items/put/responses/400/$ref") == R"("#/components/responses/malformed_form")");
    for (auto const *status : {"400", "413", "415", "422", "4XX", "5XX"})
        BOOST_TEST(at(document, concat("/paths/~1items/post/responses/", status)) != "nothing");
}

BOOST_AUTO_TEST_CASE(a_plain_handler_shows_what_its_registration_says) {
    blueprint bp;
    bp.tag("Things", "All of them.");
    bp.post<"/things">(plain)
        .summary("Keep a thing")
        .description("For long.")
        .takes("text/plain")
        .takes<query<paging>>()
        .gives<item>()
        .gives("text/plain", 202)
        .answers(409, "It is there already.")
        .answers(415, "No.", "text/plain");
    bp.get<"/nothing">(plain);
    auto const document = document_of(std::move(bp));
    auto const operation = [&](std::string_view part) { return at(document, concat("/paths/~1things/post/", part)); };
    BOOST_TEST(operation("summary") == R"("Keep a thing")");
    BOOST_TEST(operation("description") == R"("For long.")");
    BOOST_TEST(operation("parameters/0/name") == R"("limit")");
    BOOST_TEST(operation("requestBody/content") == R"({"text/plain":{"schema":{"type":"string"}}})");
    BOOST_TEST(operation("responses/200/content") ==
               R"({"application/json":{"schema":{"$ref":"#/components/schemas/item"}}})");
    BOOST_TEST(operation("responses/202/content") == R"({"text/plain":{"schema":{"type":"string"}}})");
    BOOST_TEST(operation("responses/409/description") == R"("It is there already.")");
    BOOST_TEST(operation("responses/415/content") == R"({"text/plain":{"schema":{"type":"string"}}})");
    BOOST_TEST(at(document, "/tags/0") == R"({"description":"All of them.","name":"Things"})");
    BOOST_TEST(at(document, "/paths/~1nothing/get/responses/default") ==
               R"({"description":"What the handler answers."})");
}

BOOST_AUTO_TEST_CASE(what_is_said_twice_is_written_once_and_the_registration_wins) {
    blueprint bp;
    bp.get<"/items/<name>">(find)
        .answers(404, "No such item.", "text/plain")
        .answers(409, "It is taken.")
        .answers(409, "Or it is locked.")
        .gives<item>("application/json", 409);
    bp.post<"/items">(add)
        .takes("application/json")
        .gives<paging>("application/json", 201)
        .gives<item>("application/json", 422);
    auto const document = document_of(std::move(bp));
    auto const once = [&](std::string_view text) { return document.find(text) == document.rfind(text); };
    auto const operation = [&](std::string_view part) {
        return at(document, concat("/paths/~1items~1{name}/get/responses/", part));
    };
    BOOST_TEST(operation("404") ==
               R"({"content":{"text/plain":{"schema":{"type":"string"}}},"description":"No such item."})");
    BOOST_TEST(operation("409") == R"({"content":{"application/json":{"schema":{"$ref":"#/components/schemas/item"}}},)"
                                   R"("description":"It is taken. Or it is locked."})");
    BOOST_TEST(once("\"409\":"));
    BOOST_TEST(once("\"404\":"));
    BOOST_TEST(at(document, "/paths/~1items/post/responses/201/content/application~1json/schema/$ref") ==
               R"("#/components/schemas/item")");
    BOOST_TEST(at(document, "/paths/~1items/post/responses/422/content/application~1json/schema/$ref") ==
               R"("#/components/schemas/item")");
    blueprint other;
    auto &route = other.get<"/x">(plain);
    for (unsigned const wrong : {7U, 200U, 399U, 600U})
        BOOST_CHECK_THROW(route.answers(wrong, "x"), std::invalid_argument);
}

struct named_login_layer {
    std::string realm;
    outcome operator()(handler const &next, request &rq) const { return next.call(rq); }
    [[nodiscard]] std::vector<layer_fact> facts() const { return {{"security", "Basic realm=\"" + realm + "\""}}; }
};

BOOST_AUTO_TEST_CASE(two_logins_have_two_names) {
    blueprint bp;
    bp.get<"/a">(plain).use(named_login_layer{"A B"});
    bp.get<"/b">(plain).use(named_login_layer{"A_B"});
    bp.get<"/c">(plain).use(named_login_layer{"A B"});
    auto const document = document_of(std::move(bp));
    BOOST_TEST(at(document, "/paths/~1a/get/security") == R"([{"basic_A_B":[]}])");
    BOOST_TEST(at(document, "/paths/~1b/get/security") == R"([{"basic_A_B_2":[]}])");
    BOOST_TEST(at(document, "/paths/~1c/get/security") == R"([{"basic_A_B":[]}])");
}

struct problem_details {
    int a;
};

BOOST_AUTO_TEST_CASE(a_type_with_a_name_of_phial_is_refused) {
    blueprint bp;
    bp.get<"/a">([](request &) { return problem_details{1}; });
    BOOST_CHECK_THROW((void)document_of(std::move(bp)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_login_comes_from_the_layer_that_asks_for_it) {
    blueprint bp;
    bp.get<"/staff">(plain).use(login_layer());
    auto const document = document_of(std::move(bp));
    BOOST_TEST(at(document, "/paths/~1staff/get/security") == R"([{"basic_The_Staff":[]}])");
    BOOST_TEST(at(document, "/paths/~1staff/get/responses/401/$ref") == R"("#/components/responses/unauthorized")");
    BOOST_TEST(at(document, "/components/securitySchemes/basic_The_Staff") == R"({"scheme":"basic","type":"http"})");
}

BOOST_AUTO_TEST_CASE(paths_that_differ_in_names_alone_are_one) {
    blueprint bp;
    bp.get<"/items/<int:id>">(numbered);
    bp.get<"/items/<name>">(named);
    bp.post<"/items/<word>">(named);
    auto const document = document_of(std::move(bp));
    BOOST_TEST(at(document, "/paths/~1items~1{id}/get/parameters/0/schema/type") == R"("integer")");
    BOOST_TEST(at(document, "/paths/~1items~1{id}/post/parameters/0/name") == R"("id")");
    BOOST_TEST(document.find("{name}") == document.npos);
}

BOOST_AUTO_TEST_CASE(operations_have_different_ids) {
    blueprint bp;
    bp.get<"/a-b">(plain);
    bp.get<"/a/b">(plain);
    auto const document = document_of(std::move(bp));
    BOOST_TEST(at(document, "/paths/~1a-b/get/operationId") == R"("get_a_b")");
    BOOST_TEST(at(document, "/paths/~1a~1b/get/operationId") == R"("get_a_b_2")");
}

BOOST_AUTO_TEST_CASE(hidden_routes_and_the_documentation_itself_are_left_out) {
    blueprint bp;
    bp.get<"/hidden">(plain).hidden();
    bp.get<"/shown">(plain);
    router routes;
    routes.mount(std::move(bp));
    routes.mount(documentation({.title = "Items", .version = "1.2", .license = "BSL-1.0"}, routes));
    auto const document = openapi({.title = "Items", .version = "1.2"}, routes);
    BOOST_TEST(document.find("/hidden") == document.npos);
    BOOST_TEST(document.find("/docs") == document.npos);
    BOOST_TEST(document.find("/shown") != document.npos);
    handler const served = std::move(routes);
    fake_request rq("GET", "/openapi.json");
    auto const shown = call(served, rq);
    BOOST_TEST(shown.content_type_literal() == "application/json");
    BOOST_TEST(at(shown.body(), "/info/license") == R"({"identifier":"BSL-1.0","name":"BSL-1.0"})");
    BOOST_TEST(at(shown.body(), "/servers") == R"([{"url":"."}])");
    service_context context;
    context.root_path = "/api/v1";
    fake_request under("GET", "/openapi.json", {}, {}, context);
    auto const body = call(served, under).body();
    BOOST_TEST(at(body, "/servers") == R"([{"url":"/api/v1"}])");
    BOOST_TEST(body.size() == shown.body().size() + 6);
}

BOOST_AUTO_TEST_CASE(a_document_is_checked_at_once_and_written_when_it_is_asked_for) {
    router routes;
    blueprint bp;
    bp.get<"/items/<name>">(find);
    routes.mount(std::move(bp));
    openapi_document const document({.title = "Items", .version = "1.2"}, routes);
    auto const expected = openapi({.title = "Items", .version = "1.2"}, routes);
    handler const served = std::move(routes); // what is moved there is still seen
    BOOST_TEST(document.text() == expected);
    BOOST_TEST(&document.text() == &document.text());
}

BOOST_AUTO_TEST_SUITE_END()
