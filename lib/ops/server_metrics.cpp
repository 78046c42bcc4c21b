#include "phial/ops/server_metrics.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace phial {

void append_server_metrics(exposition &out, server const &s) {
    auto const counts = s.counts();
    out.family("_connections_total", "counter", "Connections accepted.");
    out.sample({}, counts.connections);
    auto const open = s.open_connections();
    auto const idle = std::min(s.idle_connections(), open);
    out.family("_connections", "gauge",
               "Open connections; idle ones waited for a request when that was last looked at, a second ago.");
    out.sample({{"state", "active"}}, std::uint64_t{open - idle});
    out.sample({{"state", "idle"}}, std::uint64_t{idle});
    out.family("http_server_active_requests", "gauge", "Requests the service is at work on.");
    out.sample({}, std::uint64_t{s.requests_under_way()});
    out.family("_overload_answers_total", "counter", "Answers of 503, and connections closed without one.");
    out.sample({}, counts.overloads);
    out.family("_cut_off_total", "counter", "Requests and answers cut off for slowness, by what was slow.");
    out.sample({{"slow", "head"}}, counts.slow_heads);
    out.sample({{"slow", "body"}}, counts.slow_bodies);
    out.sample({{"slow", "reader"}}, counts.slow_readers);
    out.sample({{"slow", "handler"}}, counts.slow_handlers);
    out.family("_gone_clients_total", "counter",
               "Requests cancelled (499) because their client had closed its connection.");
    out.sample({}, counts.gone_clients);
}

void append_loop_metrics(exposition &out, loops &all) {
    out.family("_loop_lag_seconds", "gauge", "How late each loop's last tick was.");
    for (std::size_t i = 0; i < all.size(); ++i)
        out.sample({{"loop", std::to_string(i)}}, std::chrono::duration<double>(all[i].lag()).count());
}

} // namespace phial
