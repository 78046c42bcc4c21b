// Header sections: those of requests parsed, those of responses written.
#include "micro.hpp"

#include "phial/server/head_parser.hpp"
#include "phial/server/response_head.hpp"
#include "phial/text/concat.hpp"

#include <string>
#include <string_view>

namespace phial::micro {
namespace {

constexpr std::string_view small_head = "GET /articles/123 HTTP/1.1\r\nHost: 127.0.0.1:5000\r\n\r\n";

std::string browser_head() {
    return concat("GET /articles/123 HTTP/1.1\r\n"
                  "Host: 127.0.0.1:5000\r\n"
                  "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
                  "Accept: ",
                  browser_accept,
                  "\r\n"
                  "Accept-Language: en-US,en;q=0.5\r\n"
                  "Accept-Encoding: gzip, deflate, br\r\n"
                  "Connection: keep-alive\r\n"
                  "Cookie: session=0123456789abcdef0123456789abcdef\r\n"
                  "Upgrade-Insecure-Requests: 1\r\n"
                  "Sec-Fetch-Dest: document\r\n"
                  "Sec-Fetch-Mode: navigate\r\n"
                  "Sec-Fetch-Site: none\r\n\r\n");
}

void parse_head(benchmark::State &state, std::string_view head) {
    head_parser parser{message_limits()};
    for (auto _ : state) {
        benchmark::DoNotOptimize(head);
        if (parser.parse(head) != head_parser::result::complete) return state.SkipWithError("not a head");
        benchmark::DoNotOptimize(parser.head().fields);
    }
    count_bytes(state, head.size());
    count_items(state);
}

void parse_small_head(benchmark::State &state) { parse_head(state, small_head); }
void parse_head_of_browser(benchmark::State &state) { parse_head(state, browser_head()); }

void write_head(benchmark::State &state, response const &rs) {
    response_context const context{.common_fields = "Server: phial\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n",
                                   .request_id = "0123456789abcdef0123456789abcdef"};
    outbox out;
    for (auto _ : state) {
        out.drop();
        append_response_head(out, rs, context);
        benchmark::DoNotOptimize(out.waiting());
        benchmark::ClobberMemory();
    }
    count_bytes(state, out.size());
    count_items(state);
}

void write_head_of_text(benchmark::State &state) { write_head(state, text("You are reading 123")); }

void write_head_of_error(benchmark::State &state) {
    write_head(state, text("Authenticate.")
                          .status(401)
                          .add("WWW-Authenticate", "Basic realm=\"Example\"")
                          .add("WWW-Authenticate", "Bearer realm=\"Example\"")
                          .set("Cache-Control", "no-store"));
}

BENCHMARK(parse_small_head);
BENCHMARK(parse_head_of_browser);
BENCHMARK(write_head_of_text);
BENCHMARK(write_head_of_error);

} // namespace
} // namespace phial::micro
