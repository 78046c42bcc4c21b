// The service of "Declaring what comes and goes" in lib/README.md: what the page shows is compiled and called here.
#include "phial/errors/handle_errors.hpp"
#include "phial/routing/blueprint.hpp"
#include "phial/routing/router.hpp"
#include "phial/testing/memory_log.hpp"
#include "phial/testing/test_client.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

// What stands between these lines is on the page.
// begin
struct new_note {
    text_of<1, 200> title;                 // 1 to 200 characters
    list_of<text_of<1, 40>, 20> tags = {}; // at most 20; an initialiser: may be left out
    number_of<1, 5> priority = 3;
    std::optional<date> due; // may be left out, or null
};
struct note {
    std::int64_t id;
    new_note content;
};
struct paging {
    number_of<1, 100> limit = 10;
    std::vector<std::string> tag; // ?tag=a&tag=b, or none
};
struct condition {
    std::optional<std::string> if_match; // If-Match
};

task<created<note>> add(std::vector<note> &all, request &, body<new_note> in) { // 201 with Location
    auto const id = std::ssize(all);
    all.push_back({id, std::move(in)});
    co_return created<note>{"/notes/" + std::to_string(id), all.back()};
}
task<std::vector<note>> list(std::vector<note> const &all, request &, query<paging> page) { // 200
    co_return std::vector(all.begin(), all.begin() + std::min<std::int64_t>(page.limit, std::ssize(all)));
}
task<std::optional<note>> find(std::vector<note> const &all, request &, std::int64_t id) { // 200, or 404
    if (id < 0 || id >= std::ssize(all)) co_return std::nullopt;
    co_return all[static_cast<std::size_t>(id)];
}
task<> drop(std::vector<note> &all, request &, std::int64_t id, header<condition> only) { // 204
    if (only.if_match.value_or("*") != "*") throw http_error(412);
    std::erase_if(all, [id](note const &one) { return one.id == id; });
    co_return;
}
// end

struct fixture {
    fixture() {
        blueprint bp;
        bp.post<"/notes">(add, all);
        bp.get<"/notes">(list, std::as_const(all));
        bp.get<"/notes/<int:id>">(find, std::as_const(all));
        bp.delete_<"/notes/<int:id>">(drop, all);
        router routes;
        routes.mount(std::move(bp));
        served.emplace(handle_errors({}, log, std::move(routes)));
    }

    std::vector<note> all;
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
        if (is_shown) lines.push_back(line);
        is_shown = is_shown || line == "// begin";
    }
    return lines;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(declared_notes, fixture)

BOOST_AUTO_TEST_CASE(the_page_shows_what_is_compiled_here) {
    std::string path = std::source_location::current().file_name();
    path.resize(path.rfind("/tests/"));
    std::ifstream page(path + "/lib/README.md");
    std::string const text{std::istreambuf_iterator<char>(page), {}};
    auto const lines = shown_lines();
    BOOST_REQUIRE(lines.size() > 20U);
    for (auto const &line : lines)
        BOOST_TEST_CONTEXT(line) BOOST_TEST((line.empty() || text.find("\n    " + line + "\n") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(it_answers_as_the_page_says) {
    test_client const client(*served);
    auto const made = client.post("/notes", {{"title", "Tea"}, {"due", "2026-12-01"}});
    BOOST_TEST(made.status() == 201U);
    BOOST_TEST(made.get("Location") == "/notes/0");
    BOOST_TEST(made.body() ==
               "{\"id\":0,\"content\":{\"title\":\"Tea\",\"tags\":[],\"priority\":3,\"due\":\"2026-12-01\"}}\n");
    BOOST_TEST(client.get("/notes/0").body() == made.body());
    BOOST_TEST(client.get("/notes?limit=1").body() == "[" + made.body().substr(0, made.body().size() - 1) + "]\n");
    BOOST_TEST(client.get("/notes/1").status() == 404U);
    BOOST_TEST(client.post("/notes", {{"title", ""}}).status() == 422U);
    BOOST_TEST(client.get("/notes?limit=0").status() == 422U);
    BOOST_TEST(client.send("DELETE", "/notes/0", {{"If-Match", "\"x\""}}).status() == 412U);
    BOOST_TEST(client.send("DELETE", "/notes/0").status() == 204U);
    BOOST_TEST(all.empty());
}

BOOST_AUTO_TEST_SUITE_END()
