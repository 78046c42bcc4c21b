// Access records: which there are, and what is in them.
#include "phial/ops/access_log.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::literals;

namespace {

// Keeps what it is given.
class kept_lines final : public log_sink {
  public:
    explicit kept_lines(log_format format = log_format::text) : format_(format) {}
    void write(severity, std::string_view, std::span<attribute const>) noexcept override {}
    void write_lines(std::string lines, std::size_t records) noexcept override {
        ++blocks;
        text += lines;
        count += records;
    }
    void count_dropped(std::size_t) noexcept override {}
    [[nodiscard]] log_format format() const noexcept override { return format_; }

    std::string text;
    std::size_t count = 0;
    std::size_t blocks = 0;

  private:
    log_format format_;
};

auto const local = boost::asio::ip::make_address("127.0.0.1");

void answer(access_log &log, request &rq, unsigned status = 200, bool complete = true) {
    rq.notes.peer = &local;
    log.finished({rq, rq.method(), false, status, complete, 81, 157, 1234us, local});
}

bool has(std::string const &text, std::string_view part) { return text.find(part) != text.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(access_logs)

BOOST_AUTO_TEST_CASE(a_record_says_who_asked_for_what_and_what_became_of_it) {
    kept_lines sink;
    access_log log(sink, access_records::all);
    fake_request rq("GET", "/users/2?x=1", {{"User-Agent", "curl/7.88 \"x\""}});
    rq->notes.route = "/users/<id>";
    rq->notes.user = "admin";
    answer(log, rq);
    log.tick();
    BOOST_TEST(sink.count == 1U);
    for (auto const part :
         {" info    access method=GET target=\"/users/2?x=1\" route=/users/<id> status=200 received=81 "
          "sent=157 seconds=0.001234 client=127.0.0.1 user=admin user_agent=\"curl/7.88 \\\"x\\\"\""})
        BOOST_TEST(has(sink.text, part), sink.text);
    BOOST_TEST(!has(sink.text, "incomplete"));
}

BOOST_AUTO_TEST_CASE(which_requests_get_a_record_is_a_setting) {
    struct {
        access_records which;
        unsigned status;
        bool complete, written;
    } const cases[] = {
        {access_records::off, 200, true, false},    {access_records::off, 500, false, false},
        {access_records::errors, 200, true, false}, {access_records::errors, 399, true, false},
        {access_records::errors, 400, true, true},  {access_records::errors, 200, false, true},
        {access_records::all, 200, true, true},     {access_records::all, 503, true, true},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(static_cast<int>(c.which) << " " << c.status) {
            kept_lines sink;
            access_log log(sink, c.which);
            fake_request rq("GET", "/");
            answer(log, rq, c.status, c.complete);
            log.tick();
            BOOST_TEST(sink.count == (c.written ? 1U : 0U));
            BOOST_TEST(has(sink.text, "incomplete=1") == (c.written && !c.complete));
        }
    }
}

BOOST_AUTO_TEST_CASE(records_are_handed_over_in_blocks_and_once_a_second) {
    kept_lines sink;
    access_log log(sink, access_records::all);
    fake_request rq("GET", "/" + std::string(200, 'x'));
    answer(log, rq);
    BOOST_TEST(sink.blocks == 0U);
    for (int i = 1; i < 1000; ++i) answer(log, rq);
    BOOST_TEST(sink.blocks > 5U);
    BOOST_TEST(sink.blocks < 50U);
    log.tick();
    BOOST_TEST(sink.count == 1000U);
    auto const blocks = sink.blocks;
    log.tick();
    BOOST_TEST(sink.blocks == blocks);
}

BOOST_AUTO_TEST_CASE(no_request_writes_a_second_line) {
    for (auto const format : {log_format::text, log_format::json}) {
        kept_lines sink(format);
        access_log log(sink, access_records::all);
        fake_request rq("GET", "/a\n2026 info forged\x1B[31m", {{"User-Agent", "x\r\ny\x07\xFF"}});
        answer(log, rq);
        log.tick();
        BOOST_TEST(std::count(sink.text.begin(), sink.text.end(), '\n') == 1);
        BOOST_TEST(sink.text.find('\x1B') == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(behind_a_trusted_proxy_the_client_is_whom_it_names) {
    for (bool const trusted : {true, false}) {
        kept_lines sink;
        networks const proxies(trusted ? "127.0.0.0/8" : "10.0.0.0/8");
        access_log log(sink, access_records::all);
        service_context context;
        context.proxies = &proxies;
        fake_request rq("GET", "/", {{"X-Forwarded-For", "192.0.2.1"}}, {}, context);
        answer(log, rq);
        log.tick();
        BOOST_TEST(has(sink.text, trusted ? "client=192.0.2.1 " : "client=127.0.0.1 "));
    }
}

BOOST_AUTO_TEST_SUITE_END()
