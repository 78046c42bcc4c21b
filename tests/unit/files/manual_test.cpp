// "Sending files" in lib/README.md: what the page shows is compiled and called here.
#include "phial/errors/handle_errors.hpp"
#include "phial/files/static_files.hpp"
#include "phial/routing/router.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "phial/text/concat.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

using namespace phial;
using namespace phial::testing;

namespace {

// begin
task<response> read_invoice(file_folder const &invoices, request &rq, std::string_view file) {
    return invoices.send(rq, file);
}

task<response> show_terms(worker_pool &disk, request &rq) { return send_file(rq, disk, "terms.html"); }

router make_site(worker_pool &disk, file_folder const &invoices) {
    blueprint bp;
    bp.get<"/invoices/<path:file>">(read_invoice, invoices);
    bp.get<"/terms">(show_terms, disk);
    router routes;
    routes.mount(static_files("public", disk, {.cache_control = "max-age=3600", .prefix = "/static"}));
    routes.mount(std::move(bp));
    return routes;
}
// end

std::string text_between(std::string const &path, std::string_view begin, std::string_view end) {
    std::ifstream in(path);
    std::string const all{std::istreambuf_iterator<char>(in), {}};
    auto const from = all.find(begin) + begin.size();
    return all.substr(from, all.find(end, from) - from);
}

} // namespace

BOOST_AUTO_TEST_SUITE(sending_files_manual)

BOOST_AUTO_TEST_CASE(the_page_shows_what_is_compiled_here) {
    std::string const here = std::source_location::current().file_name();
    auto const page = here.substr(0, here.rfind("/tests/")) + "/lib/README.md";
    auto const shown = text_between(page, "### Sending files\n\n```cpp\n", "```");
    BOOST_TEST(shown.size() > 100U);
    BOOST_TEST(shown == text_between(here, "// begin\n", "// end"));
}

BOOST_AUTO_TEST_CASE(it_sends_files) {
    temporary_folder const folder;
    auto const before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    std::filesystem::create_directory("public");
    std::filesystem::create_directory("invoices");
    std::ofstream("public/site.css") << "body {}";
    std::ofstream("terms.html") << "<p>terms";
    std::ofstream("invoices/1.txt") << "one";
    {
        worker_pool disk(1);
        file_folder const invoices("invoices", disk);
        memory_log records;
        logger const log(records);
        app const site = handle_errors({}, log, make_site(disk, invoices));
        test_client const client(site);
        auto const style = client.get("/static/site.css");
        BOOST_TEST(style.body() == "body {}");
        BOOST_TEST(style.get("Cache-Control") == "max-age=3600");
        BOOST_TEST(client.get("/terms").body() == "<p>terms");
        BOOST_TEST(client.get("/invoices/1.txt").body() == "one");
        BOOST_TEST(client.get("/invoices/../terms.html").status() == 404U);
    }
    std::filesystem::current_path(before);
}

BOOST_AUTO_TEST_SUITE_END()
