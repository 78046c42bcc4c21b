// A service of streams: the one that lib/README.md shows, and more for the tests.
#include "phial/errors/handle_errors.hpp"
#include "phial/http/events.hpp"
#include "phial/layers/conditional.hpp"
#include "phial/openapi/documentation.hpp"
#include "phial/routing/router.hpp"
#include "phial/runtime/broadcast.hpp"
#include "phial/runtime/pause.hpp"
#include "phial/service/run_service.hpp"
#include "phial/service/service.hpp"
#include "phial/text/number.hpp"
#include "phial/typed/json_lines.hpp"

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace phial;
using namespace std::chrono_literals;

namespace {

// The page shows the lines between "begin" and "end".
// begin
struct reading {
    std::int64_t number;
    double celsius;
};

events watch(request &) {
    for (int n = 1;; ++n) {
        co_yield event(concat(n)).with_id(concat(n));
        co_await pause(1s);
    }
}

json_lines<reading> all_readings(std::vector<reading> const &readings, request &) {
    for (auto const &one : readings) co_yield one;
}

blueprint feed(std::vector<reading> const &readings) {
    blueprint bp;
    bp.get<"/events">(watch);
    bp.get<"/readings.ndjson">(all_readings, readings);
    bp.get<"/readings">([&readings](request &) { return readings; }).use(entity_tags);
    return bp;
}
// end

// begin
events follow(broadcast<std::string> const &chat, request &) {
    auto mine = chat.subscribe();
    while (auto const line = co_await mine.next()) {
        if (mine.missed() > 0) co_yield event(concat(mine.missed())).with_type("missed");
        co_yield event(*line);
    }
}

task<> say(broadcast<std::string> &chat, request &rq) { chat.publish((co_await rq.text()).str()); }

blueprint chat_routes(broadcast<std::string> &chat) {
    blueprint bp;
    bp.get<"/chat">(follow, std::as_const(chat));
    bp.post<"/chat">(say, chat);
    return bp;
}
// end

// Its last line is its own.
pieces transcript(broadcast<std::string> const &chat, request &rq) {
    auto mine = chat.subscribe(1);
    while (auto const line = co_await mine.next(rq.stop_token())) co_yield concat(*line, "\n");
    co_yield "the service stops\n";
}

// Waits until it is cancelled.
events silence(request &) {
    co_yield event("open");
    co_await pause(1h);
}

// Three events, from the one on that the client has not had; then the client is to connect again.
events three_at_a_time(request &rq) {
    auto const last = rq.header("Last-Event-ID").value_or("0");
    auto const first = parse_digits(last).value_or(0) + 1;
    for (auto n = first; n < first + 3; ++n)
        co_yield event(concat(n)).with_type("count").with_id(concat(n)).with_retry(10ms);
}

// The second piece comes a second after the first.
pieces in_two_parts(request &) {
    co_yield "first\n";
    co_await pause(1s);
    co_yield "second\n";
}

pieces that_fails(request &) {
    co_yield "first\n";
    co_await pause(1ms);
    throw std::runtime_error("the source is gone");
}

// Tells by its last line whether it was cut short by the end of the service.
pieces until_the_stop(request &rq) {
    co_yield "begin\n";
    while (!rq.stopping()) co_await pause(10ms);
    co_yield "the service stops\n";
}

response text_of_size(request &rq) {
    auto const size = static_cast<std::size_t>(rq.arg<std::int64_t>("size", 0, between(0, 100'000'000)));
    std::string out;
    for (std::uint64_t n = 1; out.size() < size; ++n)
        out += concat("line ", n * 2654435761U % 1'000'003, " of a text\n");
    out.resize(size);
    return text(out);
}

pieces rows(request &rq) {
    auto const n = rq.arg<std::int64_t>("n", 0, between(0, 100'000'000));
    for (std::int64_t i = 0; i < n; ++i) co_yield concat("row ", i, "\n");
}

blueprint for_tests(broadcast<std::string> const &chat) {
    blueprint bp;
    bp.get<"/transcript">(transcript, chat);
    bp.get<"/silence">(silence);
    bp.get<"/three">(three_at_a_time);
    bp.get<"/two-parts">(in_two_parts);
    bp.get<"/fails">(that_fails);
    bp.get<"/until-the-stop">(until_the_stop);
    bp.get<"/text">(text_of_size);
    bp.get<"/tagged">(text_of_size).use(entity_tags);
    bp.get<"/rows">([](request &rq) { return stream(rows(rq), "text/csv; charset=utf-8"); });
    return bp;
}

int serve(service_settings const &set) {
    service s(set);
    std::vector<reading> const readings{{1, 20.5}, {2, 21.0}, {3, 19.25}};
    broadcast<std::string> chat;
    router routes;
    routes.mount(feed(readings));
    routes.mount(chat_routes(chat));
    routes.mount(for_tests(chat));
    routes.mount(documentation({.title = "Feed", .version = "1.0.0"}, routes));
    return s.run(handle_errors({}, s.log(), std::move(routes)));
}

} // namespace

int main(int argc, char **argv) {
    return run_service({argv, argv + argc}, {.name = "feed", .version = "1.0.0"}, serve);
}
