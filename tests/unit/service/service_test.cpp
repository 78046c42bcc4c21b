// A whole service in this process: its handlers, its operator's listener, its end.
#include "phial/errors/handle_errors.hpp"
#include "phial/routing/router.hpp"
#include "phial/service/service.hpp"
#include "support/support.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <future>
#include <iterator>
#include <string>
#include <thread>
#include <tuple>
#include <utility>

using namespace phial;
using namespace phial::testing;

namespace {

task<response> hello(request &) { co_return text("hello\n"); }

// What a server answers to a GET, head and body.
std::string get(std::string const &url, std::string const &path) {
    auto const colon = url.rfind(':');
    boost::asio::ip::tcp::iostream stream("127.0.0.1", url.substr(colon + 1));
    stream << "GET " << path << " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" << std::flush;
    return {std::istreambuf_iterator<char>(stream), {}};
}

bool contains(std::string const &all, std::string const &part) { return all.find(part) != all.npos; }

struct fixture {
    temporary_folder folder;

    service_settings settings() const {
        service_settings s{.name = "unit", .version = "1.2.3"};
        s.server.port = 0;
        s.log.folder = folder.path().string();
        s.log.console = -1;
        s.has_operator = true;
        s.connections_per_client = 100;
        s.body_memory = 1 << 20;
        return s;
    }

    static app routes(service &s) {
        blueprint bp;
        bp.get<"/hello">(hello);
        router all;
        all.mount(std::move(bp));
        return handle_errors({}, s.log(), std::move(all));
    }

    std::string log() const { return read_file(folder.path() / "app.log"); }
};

// Runs a service on a thread until it goes out of scope.
class running {
  public:
    running(service &s, app a) : service_(s) {
        std::promise<std::pair<std::string, std::string>> urls;
        auto known = urls.get_future();
        thread_ = std::thread([this, &urls, a = std::move(a)]() mutable {
            status_ = service_.run(std::move(a), [&urls](std::string const &service, std::string const &operators) {
                urls.set_value({service, operators});
            });
        });
        std::tie(url, ops_url) = known.get();
    }
    int end() {
        service_.stop();
        if (thread_.joinable()) thread_.join();
        return status_;
    }
    ~running() { end(); }
    running(running const &) = delete;
    running &operator=(running const &) = delete;

    std::string url;
    std::string ops_url;

  private:
    service &service_;
    int status_ = -1;
    std::thread thread_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(services, fixture)

BOOST_AUTO_TEST_CASE(it_serves_until_it_is_stopped_and_says_so_in_its_log) {
    {
        service s(settings());
        running r(s, routes(s));
        BOOST_TEST(contains(get(r.url, "/hello"), "HTTP/1.1 200 OK\r\nServer: unit\r\n"));
        BOOST_TEST(contains(get(r.url, "/hello"), "\r\n\r\nhello\n"));
        BOOST_TEST(contains(get(r.url, "/none"), "HTTP/1.1 404 "));
        BOOST_TEST(r.end() == 0);
    }
    BOOST_TEST(contains(log(), "unit 1.2.3 serves http://127.0.0.1:"));
    BOOST_TEST(contains(log(), "ended: 3 requests on 3 connections"));
}

BOOST_AUTO_TEST_CASE(the_operator_sees_counters_checks_and_folders_of_the_app) {
    bool is_warm = false;
    service s(settings());
    auto &greetings = s.counter("_greetings_total", "Greetings said.");
    s.add_check("warm", [&] { return is_warm; });
    s.watch_folder({.name = "cache", .label = "cache", .path = folder.path().string()});
    s.add_metrics([](exposition &out) {
        out.family("_size", "gauge", "Of something.");
        out.sample({}, std::uint64_t{7});
    });
    running r(s, routes(s));
    greetings.add(3);
    auto const metrics = get(r.ops_url, "/metrics");
    for (auto const *line : {"unit_greetings_total 3", "unit_size 7", "unit_cache_folder_stalled_seconds 0",
                             "unit_log_folder_stalled_seconds 0", "unit_build_info{version=\"1.2.3\",",
                             "unit_connections_total 0", "unit_failed_logins_total 0"})
        BOOST_TEST_CONTEXT(line) BOOST_TEST(contains(metrics, std::string("\n") + line));
    auto const cold = get(r.ops_url, "/readyz");
    BOOST_TEST(contains(cold, "HTTP/1.1 503 "));
    BOOST_TEST(contains(cold, "\"warm\":\"failed\""));
    BOOST_TEST(contains(cold, "\"cache_folder_writable\":\"ok\""));
    BOOST_TEST(contains(get(r.ops_url, "/livez"), "HTTP/1.1 200 "));
    BOOST_TEST(contains(get(r.ops_url, "/version"), "\"version\":\"1.2.3\""));
}

BOOST_AUTO_TEST_CASE(a_stop_before_it_runs_is_remembered) {
    service s(settings());
    s.stop();
    BOOST_TEST(s.run(routes(s)) == 0);
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_a_fault_of_its_setting) {
    boost::asio::io_context context;
    boost::asio::ip::tcp::acceptor taken(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
    struct {
        bool is_ops;
        std::string beginning;
    } const cases[] = {{false, "--port: "}, {true, "--ops-port: "}};
    for (auto const &c : cases) {
        auto set = settings();
        (c.is_ops ? set.ops_port : set.server.port) = taken.local_endpoint().port();
        service s(set);
        try {
            (void)s.run(routes(s));
            BOOST_TEST(false, "it serves");
        } catch (settings_error const &e) {
            BOOST_TEST_REQUIRE(e.faults().size() == 1U);
            BOOST_TEST(e.faults().front().starts_with(c.beginning), e.faults().front());
        }
    }
}

BOOST_AUTO_TEST_CASE(without_passwords_and_without_fixed_users_nobody_may_log_in) {
    service s(settings());
    fake_request rq("GET", "/");
    BOOST_TEST(!run(s.known_users().check(rq, "admin", "secret")));
    BOOST_TEST(!run(s.known_users().check(rq, "", "")));
}

BOOST_AUTO_TEST_SUITE_END()
