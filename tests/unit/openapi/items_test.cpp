// The items of "Declaring what comes and goes" in lib/README.md: what the page shows is compiled and called here.
#include "phial/errors/handle_errors.hpp"
#include "phial/openapi/documentation.hpp"
#include "phial/routing/blueprint.hpp"
#include "phial/routing/router.hpp"
#include "phial/testing/memory_log.hpp"
#include "phial/testing/test_client.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <ranges>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

// The page shows the lines between these two comments.
// begin
struct item {
    text_of<1, 50> name;
    std::optional<text_of<0, 300>> description;
    number_of<0.0, 1e9> price;
    std::optional<double> tax;
    list_of<std::string> tags = {};
};
struct page {
    number_of<0, 1'000'000> skip = 0;
    number_of<1, 100> limit = 10;
};

std::vector<item> list_items(std::map<std::int64_t, item> const &items, request &, query<page> page) {
    auto shown = items | std::views::values | std::views::drop(page.skip) | std::views::take(page.limit);
    return {shown.begin(), std::ranges::next(shown.begin(), shown.end())};
}

std::optional<item> read_item(std::map<std::int64_t, item> const &items, request &, std::int64_t id) {
    return items.contains(id) ? std::optional(items.at(id)) : std::nullopt;
}

created<item> create_item(std::map<std::int64_t, item> &items, request &, body<item> in) {
    auto const id = std::ssize(items) + 1;
    return {concat("/items/", id), items[id] = std::move(in)};
}

item update_item(std::map<std::int64_t, item> &items, request &, std::int64_t id, body<item> in) {
    if (!items.contains(id)) throw http_error(404, "Item not found");
    return items[id] = std::move(in);
}

void delete_item(std::map<std::int64_t, item> &items, request &, std::int64_t id) { items.erase(id); }

blueprint item_routes(std::map<std::int64_t, item> &items) {
    blueprint bp;
    bp.get<"/">([](request &) { return json{{"message", "Hello World"}}; });
    bp.get<"/items">(list_items, std::as_const(items));
    bp.get<"/items/<int:id>">(read_item, std::as_const(items));
    bp.post<"/items">(create_item, items);
    bp.put<"/items/<int:id>">(update_item, items).answers(404, "Item not found");
    bp.delete_<"/items/<int:id>">(delete_item, items);
    return bp;
}
// end

struct fixture {
    fixture() {
        router routes;
        routes.mount(item_routes(items));
        routes.mount(documentation({.title = "Items", .version = "1.0"}, routes));
        served.emplace(handle_errors({}, log, std::move(routes)));
    }

    std::map<std::int64_t, item> items;
    memory_log records;
    logger log{records, severity::error};
    std::optional<app> served;
};

// The lines between the marks, without indentation.
std::vector<std::string> shown_lines() {
    std::ifstream source(std::source_location::current().file_name());
    std::vector<std::string> lines;
    bool is_shown = false;
    for (std::string line; std::getline(source, line);) {
        if (line == "// end") break;
        if (is_shown && !line.empty()) lines.push_back(line);
        is_shown = is_shown || line == "// begin";
    }
    return lines;
}

// The lines of the page's block in a language.
std::vector<std::string> block(std::string_view language) {
    std::string path = std::source_location::current().file_name();
    path.resize(path.rfind("/tests/"));
    std::ifstream page(path + "/lib/README.md");
    std::vector<std::string> lines;
    bool is_inside = false;
    for (std::string line; std::getline(page, line);) {
        if (is_inside && line == "```") break;
        if (is_inside && !line.empty()) lines.push_back(line);
        is_inside = is_inside || line == concat("```", language);
    }
    return lines;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(declared_items, fixture)

BOOST_AUTO_TEST_CASE(the_page_shows_what_is_compiled_here) {
    auto const shown = block("cpp");
    BOOST_TEST(shown == shown_lines(), boost::test_tools::per_element());
    auto const original = block("python");
    BOOST_REQUIRE(original.size() > 20U);
    BOOST_TEST(shown.size() <= original.size());
}

BOOST_AUTO_TEST_CASE(it_answers_as_the_page_says) {
    test_client const client(*served);
    BOOST_TEST(client.get("/").body() == "{\"message\":\"Hello World\"}\n");
    auto const made = client.post("/items", {{"name", "Tea"}, {"price", 2.5}});
    BOOST_TEST(made.status() == 201U);
    BOOST_TEST(made.get("Location") == "/items/1");
    BOOST_TEST(made.body() == "{\"name\":\"Tea\",\"description\":null,\"price\":2.5,\"tax\":null,\"tags\":[]}\n");
    BOOST_TEST(client.get("/items/1").body() == made.body());
    BOOST_TEST(client.get("/items?limit=1").body() == "[" + made.body().substr(0, made.body().size() - 1) + "]\n");
    BOOST_TEST(client.get("/items?skip=1").body() == "[]\n");
    BOOST_TEST(
        client.put("/items/1", {{"name", "Cake"}, {"price", 3}, {"tags", std::vector<std::string>{"new"}}}).status() ==
        200U);
    BOOST_TEST(client.get("/items/1").body().starts_with("{\"name\":\"Cake\""));
    BOOST_TEST(client.delete_("/items/1").status() == 204U);
    BOOST_TEST(items.empty());
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_and_what_is_not_there_is_404) {
    test_client const client(*served);
    BOOST_TEST(client.get("/items/1").status() == 404U);
    BOOST_TEST(client.put("/items/1", {{"name", "Tea"}, {"price", 1}}).status() == 404U);
    BOOST_TEST(client.get("/items?limit=0").status() == 422U);
    auto const refused = client.post("/items", {{"name", ""}, {"price", "much"}});
    BOOST_TEST(refused.status() == 422U);
    BOOST_TEST(refused.body().find("\"/name\"") != std::string::npos);
    BOOST_TEST(refused.body().find("\"/price\"") != std::string::npos);
    BOOST_TEST(client.get("/openapi.json").body().find("\"/items/{id}\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
