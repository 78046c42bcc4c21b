#include "phial/ops/server_metrics.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

namespace phial {

void append_server_metrics(exposition &out, server const &s) {
    auto const counts = s.counts();
    std::string_view family;
    for (auto const &row : server_events) {
        if (row.metric.empty()) continue;
        if (row.metric != family) out.family(row.metric, "counter", row.help);
        family = row.metric;
        if (row.label.empty())
            out.sample({}, counts[row.event]);
        else
            out.sample({{row.label, row.value}}, counts[row.event]);
    }
    auto const open = s.open_connections();
    auto const idle = std::min(s.idle_connections(), open);
    out.family("_connections", "gauge", "Open connections; idle: waited for a request at the last tick.");
    out.sample({{"state", "active"}}, std::uint64_t{open - idle});
    out.sample({{"state", "idle"}}, std::uint64_t{idle});
    out.family("http_server_active_requests", "gauge", "Requests that the service works on.");
    out.sample({}, std::uint64_t{s.requests_under_way()});
}

void append_loop_metrics(exposition &out, loops &all) {
    out.family("_loop_lag_seconds", "gauge", "How late each loop's last tick was.");
    for (std::size_t i = 0; i < all.size(); ++i)
        out.sample({{"loop", std::to_string(i)}}, std::chrono::duration<double>(all[i].lag()).count());
}

} // namespace phial
