// Files as responses: what the integration tests cannot see from outside.
#include "phial/errors/handle_errors.hpp"
#include "phial/files/beneath.hpp"
#include "phial/files/file_body.hpp"
#include "phial/files/media_types.hpp"
#include "phial/files/static_files.hpp"
#include "phial/layers/conditional.hpp"
#include "phial/routing/router.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "phial/testing/live_server.hpp"
#include "support/support.hpp"
#include "unit/files/system_calls.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

using namespace phial;
using namespace phial::testing;
namespace fs = std::filesystem;

namespace {

std::string pattern(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>('a' + (i / 7 + i / 1000) % 26);
    return bytes;
}

struct fixture {
    temporary_folder folder;
    worker_pool pool{2};
    fs::path root = folder.path() / "root";

    fixture() {
        fs::create_directories(root / "sub/.dot");
        write("a.txt", "hello");
        write("empty", "");
        write(".hidden", "hidden");
        write("sub/index.html", "<p>index");
        write("sub/b.txt", "b");
        write("sub/.dot/c.txt", "c");
        write("../outside", "secret");
        fs::create_symlink("a.txt", root / "link");
        fs::create_symlink("sub", root / "linked");
        fs::create_symlink("../outside", root / "out");
        fs::create_symlink(folder.path(), root / "up");
        ::mkfifo((root / "fifo").c_str(), 0600);
    }

    void write(std::string const &name, std::string_view content) const {
        std::ofstream(root / name, std::ios::binary) << content;
    }

    response get(std::string target, fake_request::headers lines = {}, static_options options = {},
                 lookup how = lookup::by_kernel) {
        file_folder const files(open_folder(root, how), pool, std::move(options));
        fake_request rq("GET", target, std::move(lines));
        return run(files.send(rq, std::string_view(rq.get().path()).substr(1)));
    }

    unsigned status(std::string target, static_options options = {}, lookup how = lookup::by_kernel) {
        try {
            return get(std::move(target), {}, std::move(options), how).status();
        } catch (http_error const &e) {
            return e.status();
        }
    }
};

std::string content_of(response &rs) {
    if (rs.stream() == nullptr) return rs.body();
    return run([](body_stream &s) -> task<std::string> {
        std::string all;
        while (auto const piece = co_await s.next()) all += *piece;
        co_return all;
    }(*rs.stream()));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(static_file_responses, fixture)

BOOST_AUTO_TEST_CASE(media_types_come_from_the_suffix) {
    struct {
        std::string_view name, type;
    } const cases[] = {
        {"a.txt", "text/plain; charset=utf-8"},
        {"A.HTML", "text/html; charset=utf-8"},
        {"a.min.js", "text/javascript; charset=utf-8"},
        {"a.json", "application/json"},
        {"a.7z", "application/x-7z-compressed"},
        {"a.zst", "application/zstd"},
        {"a.webmanifest", "application/manifest+json"},
        {"a.tar.gz", "application/gzip"},
        {"a.unknown", "application/octet-stream"},
        {"a.muchlongerthananysuffix", "application/octet-stream"},
        {"a", "application/octet-stream"},
        {"a.", "application/octet-stream"},
        {"html", "application/octet-stream"},
        {"folder.html/a", "application/octet-stream"},
        {"", "application/octet-stream"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.name) BOOST_TEST(media_type_of(c.name) == c.type);
}

BOOST_AUTO_TEST_CASE(only_plain_paths_are_looked_up) {
    for (std::string_view const path : {"a", "a/b", "a b", "a\\b", "...", "..a", "a..", "a/..b", "\xFF"})
        BOOST_TEST_CONTEXT(path) BOOST_TEST(is_plain_path(path, true));
    for (std::string_view const path :
         {std::string_view(""), std::string_view("/a"), std::string_view("a/"), std::string_view("a//b"),
          std::string_view("."), std::string_view(".."), std::string_view("a/../b"), std::string_view("a/."),
          std::string_view("../a"), std::string_view("a\0b", 3)})
        BOOST_TEST_CONTEXT(path) BOOST_TEST(!is_plain_path(path, true));
    BOOST_TEST(is_plain_path(".a", true));
    BOOST_TEST(!is_plain_path(".a", false));
    BOOST_TEST(!is_plain_path("a/.b/c", false));
    BOOST_TEST(is_plain_path("a.b/c", false));
}

BOOST_AUTO_TEST_CASE(both_lookups_find_the_same_and_nothing_outside) {
    struct {
        std::string path;
        unsigned status;
    } const cases[] = {
        {"/a.txt", 200},
        {"/empty", 200},
        {"/sub/b.txt", 200},
        {"/sub/", 200},
        {"/sub", 301},
        {"/missing", 404},
        {"/a.txt/", 404},
        {"/a.txt/b", 404},
        {"/link", 404},
        {"/linked/b.txt", 404},
        {"/linked/", 404},
        {"/linked", 404},
        {"/out", 404},
        {"/up/outside", 404},
        {"/../outside", 404},
        {"/sub/../a.txt", 404},
        {"/%2e%2e/outside", 404},
        {"/sub/%2e%2e%2fa.txt", 404},
        {"/./a.txt", 404},
        {"/sub//b.txt", 404},
        {"/a.txt%00", 404},
        {"/%00", 404},
        {"/fifo", 404},
        {"/.hidden", 404},
        {"/sub/.dot/c.txt", 404},
        {"/sub/.dot", 404},
        {"/" + std::string(300, 'x'), 404},
        {"/" + std::string(5000, 'x'), 404},
        {"/sub%2fb.txt", 200},
        {"/", 404},
    };
    for (auto const how : {lookup::by_kernel, lookup::by_hand})
        for (auto const &c : cases)
            BOOST_TEST_CONTEXT(c.path << (how == lookup::by_hand ? " by hand" : " by the kernel"))
    BOOST_TEST(status(c.path, {}, how) == c.status);
    BOOST_TEST((open_folder(root).how() == lookup::by_kernel)); // this kernel has openat2
    BOOST_TEST(status("/.hidden", {.hidden = true}) == 200U);
    BOOST_TEST(status("/sub/.dot/c.txt", {.hidden = true}) == 200U);
    BOOST_TEST(status("/../outside", {.hidden = true}) == 404U);
    BOOST_TEST(status("/sub/", {.index = ""}) == 404U);
    BOOST_TEST(status("/sub", {.index = ""}) == 404U);
    BOOST_TEST(status("/sub/", {.index = "b.txt"}) == 200U);
}

BOOST_AUTO_TEST_CASE(a_socket_or_a_device_is_not_opened_as_a_file) {
    auto const path = (root / "socket").string();
    int const fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    BOOST_REQUIRE(::bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0);
    BOOST_TEST(status("/socket") == 404U);
    ::close(fd);
    fake_request rq("GET", "/");
    BOOST_CHECK_EXCEPTION(run(send_file(rq, pool, "/dev/null")), http_error,
                          [](http_error const &e) { return e.status() == 404; });
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_opened_is_named) {
    BOOST_CHECK_EXCEPTION(file_folder(root / "none", pool), std::system_error, [&](std::system_error const &e) {
        return std::string_view(e.what()).find((root / "none").string()) != std::string_view::npos;
    });
    BOOST_CHECK_THROW(file_folder(root / "a.txt", pool), std::system_error);
}

BOOST_AUTO_TEST_CASE(a_handler_may_name_a_file_below_the_folder) {
    file_folder const files(root, pool);
    fake_request rq("GET", "/reports/");
    BOOST_TEST(run(files.send(rq, "a.txt")).body() == "hello");
    BOOST_TEST(run(files.send(rq, "sub/")).body() == "<p>index");
    BOOST_CHECK_THROW(file_folder(root, pool, {.cache_control = "a\r\nb"}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_folder_is_the_one_that_was_opened) {
    file_folder const files(root, pool);
    fs::rename(root, folder.path() / "renamed");
    fs::create_directory(root);
    write("a.txt", "another");
    fake_request rq("GET", "/a.txt");
    BOOST_TEST(run(files.send(rq, "a.txt")).body() == "hello");
}

BOOST_AUTO_TEST_CASE(content_of_all_sizes_is_whole) {
    for (std::size_t const size : {std::size_t{1}, std::size_t{16384}, std::size_t{16385}, file_body::block_size,
                                   file_body::block_size + 1, 5 * file_body::block_size + 17}) {
        auto const bytes = pattern(size);
        write("large", bytes);
        auto rs = get("/large");
        BOOST_TEST_CONTEXT(size) {
            BOOST_TEST((rs.stream() == nullptr) == (size <= 16384));
            if (rs.stream() != nullptr) BOOST_TEST(rs.stream()->length().value() == size);
            BOOST_TEST((content_of(rs) == bytes));
        }
        auto part = get("/large", {{"Range", "bytes=-16400"}});
        BOOST_TEST((content_of(part) == bytes.substr(size - std::min<std::size_t>(size, 16400))));
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_shrinks_breaks_its_response) {
    write("large", pattern(4 * file_body::block_size));
    auto rs = get("/large");
    fs::resize_file(root / "large", 2 * file_body::block_size);
    BOOST_CHECK_THROW((void)content_of(rs), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(what_was_not_read_to_its_end_is_closed_by_the_pool) {
    write("large", pattern(4 * file_body::block_size));
    file_folder const files(root, pool);
    fake_request rq("GET", "/large");
    system_calls calls;
    auto rs = std::optional(run(files.send(rq, "large")));
    BOOST_TEST(calls.count("close") == 0U);
    rs.reset(); // the client has gone
    pool.wait_until_idle();
    BOOST_TEST(calls.count("close") == 1U);
    BOOST_TEST(!calls.any_on(std::this_thread::get_id())); // it may take long
}

BOOST_AUTO_TEST_CASE(a_file_that_was_read_is_closed) {
    write("large", pattern(4 * file_body::block_size));
    file_folder const files(root, pool);
    system_calls calls;
    fake_request rq("GET", "/large");
    auto rs = run(files.send(rq, "large"));
    (void)content_of(rs);
    fake_request small("GET", "/a.txt");
    auto const other = run(files.send(small, "a.txt"));
    pool.wait_until_idle();
    BOOST_TEST(calls.count("close") == 2U);
}

BOOST_AUTO_TEST_CASE(memory_is_counted_while_a_file_is_sent) {
    write("large", pattern(4 * file_body::block_size));
    quota all(file_body::block_size + 100);
    service_context context;
    context.body_memory = &all;
    file_folder const files(root, pool);
    fake_request first("GET", "/large", {}, {}, context);
    fake_request second("GET", "/large", {}, {}, context);
    {
        auto const rs = run(files.send(first, "large"));
        pool.wait_until_idle();
        BOOST_TEST(all.used() == file_body::block_size); // what was copied of the request is given back
        BOOST_CHECK_EXCEPTION(run(files.send(second, "large")), http_error,
                              [](http_error const &e) { return e.status() == 503; });
    }
    pool.wait_until_idle();
    BOOST_TEST(all.used() == 0U);
}

BOOST_AUTO_TEST_CASE(a_disk_that_does_not_respond_costs_its_requests_only) {
    worker_pool stalled{1};
    file_folder const files(root, stalled);
    live_server server(handler([&](request &rq) -> outcome {
        if (rq.path() == "/other") return text("other");
        return files.send(rq, rq.path().substr(1));
    }));
    std::promise<void> responds;
    stalled.submit([until = responds.get_future().share()]() noexcept { until.wait(); });
    client waiting(server);
    BOOST_REQUIRE(waiting.send("GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n"));
    BOOST_REQUIRE(wait_until([&] { return stalled.current_load().queued == 1; }));
    BOOST_TEST(body_of(talk(server, "GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) == "other");
    BOOST_REQUIRE(server.pass_until([&] { return server.requests_under_way() == 0; }));
    BOOST_TEST(has_status(waiting.read_response(), 503));
    for (int i = 0; i < 4096; ++i) stalled.submit([]() noexcept {});
    BOOST_TEST(has_status(talk(server, "GET /a.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), 503));
    responds.set_value();
    stalled.wait_until_idle();
    BOOST_TEST(body_of(talk(server, "GET /a.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) == "hello");
}

BOOST_AUTO_TEST_CASE(an_error_of_the_disk_is_not_a_404) {
    system_calls calls;
    file_folder const files(open_folder(root, lookup::by_hand), pool);
    fake_request rq("GET", "/a.txt");
    fake_request named("GET", "/");
    calls.fail("open", EIO);
    BOOST_CHECK_EXCEPTION(run(send_file(named, pool, root / "a.txt")), std::system_error,
                          [](std::system_error const &e) { return e.code().value() == EIO; });
    calls.fail("open", EMFILE);
    BOOST_CHECK_EXCEPTION(run(send_file(named, pool, root / "a.txt")), http_error,
                          [](http_error const &e) { return e.status() == 503; });
    calls.fail("open", EACCES);
    BOOST_CHECK_EXCEPTION(run(send_file(named, pool, root / "a.txt")), http_error,
                          [](http_error const &e) { return e.status() == 403; });
}

BOOST_AUTO_TEST_CASE(a_file_that_the_service_names_may_be_a_link) {
    fake_request rq("GET", "/download");
    auto rs = run(send_file(rq, pool, root / "link", {.cache_control = "no-store"}));
    BOOST_TEST(rs.status() == 200U);
    BOOST_TEST(rs.body() == "hello");
    BOOST_TEST(rs.get("Cache-Control") == "no-store");
}

BOOST_AUTO_TEST_CASE(a_precompressed_file_is_chosen_by_weight) {
    write("s.css", "plain");
    write("s.css.gz", "gzipped");
    write("s.css.zst", "zstandard");
    write("s.css.br", "brotli");
    write("t.css", "plain");
    write("t.css.gz", "gzipped");
    struct {
        std::string path, accept;
        std::string_view content, coding;
    } const cases[] = {
        {"/s.css", "", "plain", ""},
        {"/s.css", "gzip", "gzipped", "gzip"},
        {"/s.css", "gzip, br, zstd", "brotli", "br"},
        {"/s.css", "gzip, br;q=0.5, zstd;q=0.8", "gzipped", "gzip"},
        {"/s.css", "br;q=0, zstd;q=0.5, gzip;q=0.1", "zstandard", "zstd"},
        {"/s.css", "identity, gzip;q=0.9", "plain", ""},
        {"/s.css", "identity;q=0, gzip", "gzipped", "gzip"},
        {"/s.css", "deflate", "plain", ""},
        {"/s.css", "*", "brotli", "br"},
        {"/t.css", "gzip, br, zstd", "gzipped", "gzip"},
        {"/t.css", "br", "plain", ""},
        {"/t.css", "identity;q=0, br", "plain", ""}, // better than nothing
        {"/a.txt", "gzip", "hello", ""},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.path << " " << c.accept) {
            auto const rs = get(c.path, {{"Accept-Encoding", c.accept}});
            BOOST_TEST(rs.body() == c.content);
            BOOST_TEST(rs.get("Content-Encoding") == c.coding);
            BOOST_TEST(rs.get("Vary") == "Accept-Encoding");
            BOOST_TEST(rs.get("Content-Type") == media_type_of(c.path));
        }
    }
    auto const off = get("/s.css", {{"Accept-Encoding", "gzip"}}, {.precompressed = false});
    BOOST_TEST(off.body() == "plain");
    BOOST_TEST(off.get("Vary") == "");
}

BOOST_AUTO_TEST_CASE(a_coded_representation_has_its_tag_and_is_the_same_version) {
    write("s.css", "plain");
    write("s.css.gz", "gzipped");
    auto const plain = std::string(get("/s.css").get("ETag"));
    auto const coded = std::string(get("/s.css", {{"Accept-Encoding", "gzip"}}).get("ETag"));
    BOOST_TEST(coded.starts_with(plain.substr(0, plain.size() - 1) + "-gzip."));
    for (auto const &accepted : {"", "gzip"}) {
        for (auto const &tag : {plain, coded}) {
            auto const known = get("/s.css", {{"Accept-Encoding", accepted}, {"If-None-Match", tag}});
            bool const is_readable = tag == plain || std::string_view(accepted) == "gzip";
            BOOST_TEST(known.status() == (is_readable ? 304U : 200U));
            BOOST_TEST(known.get("ETag") == (is_readable ? tag : plain)); // of what the client has
            BOOST_TEST(get("/s.css", {{"Accept-Encoding", accepted}, {"If-Match", tag}}).status() == 200U);
            auto const part = get("/s.css", {{"Accept-Encoding", accepted}, {"If-Range", tag}, {"Range", "bytes=0-1"}});
            bool const is_this = (tag == coded) == (std::string_view(accepted) == "gzip");
            BOOST_TEST(part.status() == (is_this ? 206U : 200U));
        }
    }
    auto const part = get("/s.css", {{"Accept-Encoding", "gzip"}, {"Range", "bytes=1-2"}});
    BOOST_TEST(part.body() == "zi");
    BOOST_TEST(part.get("Content-Range") == "bytes 1-2/7");
    BOOST_TEST(part.get("Content-Encoding") == "gzip");
    write("s.css.gz", "GZIPPED");
    ::timespec const times[2] = {{1, 0}, {1, 0}};
    BOOST_REQUIRE(::utimensat(AT_FDCWD, (root / "s.css.gz").c_str(), times, 0) == 0);
    auto const again = get("/s.css", {{"Accept-Encoding", "gzip"}, {"If-Range", coded}, {"Range", "bytes=0-1"}});
    BOOST_TEST(again.status() == 200U); // other bytes of the same content
}

BOOST_AUTO_TEST_CASE(replicas_have_the_same_tags_only_if_asked_to) {
    ::timespec const times[2] = {{1000, 7}, {1000, 7}};
    write("copy.txt", "hello");
    for (auto const *name : {"a.txt", "copy.txt"})
        BOOST_REQUIRE(::utimensat(AT_FDCWD, (root / name).c_str(), times, 0) == 0);
    BOOST_TEST(get("/a.txt").get("ETag") != get("/copy.txt").get("ETag"));
    static_options const replicas{.same_on_replicas = true};
    BOOST_TEST(get("/a.txt", {}, replicas).get("ETag") == "\"5-e8d4a51007\"");
    BOOST_TEST(get("/copy.txt", {}, replicas).get("ETag") == "\"5-e8d4a51007\"");
}

BOOST_AUTO_TEST_CASE(a_folder_without_its_slash_is_redirected_with_the_query) {
    auto const rs = get("/sub?a=%20&b=\"");
    BOOST_TEST(rs.status() == 301U);
    BOOST_TEST(rs.get("Location") == "./sub/?a=%20&b=%22");
    fs::create_directory(root / "a:b");
    write("a:b/index.html", "x");
    BOOST_TEST(get("/a:b").get("Location") == "./a:b/");
}

BOOST_AUTO_TEST_CASE(the_blueprint_serves_its_prefix) {
    write("index.html", "<p>root");
    memory_log records;
    logger const log(records);
    router routes;
    routes.mount(static_files(root, pool, {.prefix = "/static"}));
    app const served = handle_errors({}, log, std::move(routes));
    test_client const client(served);
    BOOST_TEST(client.get("/static/a.txt").body() == "hello");
    BOOST_TEST(client.get("/static/").body() == "<p>root");
    BOOST_TEST(client.get("/static").get("Location") == "./static/");
    BOOST_TEST(client.get("/static/sub/").body() == "<p>index");
    BOOST_TEST(client.get("/static/none").status() == 404U);
    BOOST_TEST(client.get("/a.txt").status() == 404U);
    BOOST_TEST(client.send("POST", "/static/a.txt").status() == 405U);
    BOOST_TEST(client.send("HEAD", "/static/a.txt").get("Content-Type") == "text/plain; charset=utf-8");
}

BOOST_AUTO_TEST_SUITE_END()
