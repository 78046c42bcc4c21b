#include "phial/service/reports.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace phial {

void report_overload(loop &main_loop, server const &s, logger const &log) {
    main_loop.on_tick([&s, &log, reported = std::uint64_t{0}]() mutable {
        auto const now = s.counts()[server_event::overload];
        if (now != reported) log.warning("overload: ", now - std::exchange(reported, now), " responses of 503");
    });
}

void report_proxy_headers(loop &main_loop, server const &s, logger const &log) {
    main_loop.on_tick([&s, &log, reported = std::uint64_t{0}]() mutable {
        auto const now = s.counts()[server_event::no_proxy_header];
        if (now != reported)
            log.warning("closed connections of --trusted-proxies: ", now - std::exchange(reported, now),
                        " did not begin with a PROXY header. Let the proxy send it, or set --proxy-protocol no");
    });
}

void report_clients(loop &main_loop, clients &table, logger const &log) {
    using enum clients::refused_client::reason;
    main_loop.on_tick([&table, &log] {
        auto const &most = table.limits();
        constexpr std::string_view advice = "If that is a proxy, name it in --trusted-proxies";
        for (auto const &[who, why] : table.take_refused()) {
            if (why == connections)
                log.warning("client ", who.to_string(), " has ", most.connections,
                            most.connections == 1 ? " connection" : " connections",
                            ", the most it may have; more get 503 (--max-connections-per-client). ", advice);
            else
                log.warning("client ", who.to_string(), " sends more than ", most.rate,
                            most.rate == 1 ? " request" : " requests",
                            " a second, the most it may send; more get 429 (--max-rate). ", advice);
        }
    });
}

void report_end(server_counts const &n, logger const &log) {
    if (n[server_event::gone_client] != 0)
        log.info("clients that went away before their response: ", n[server_event::gone_client]);
    log.info("ended: ", n[server_event::request], " requests on ", n[server_event::connection],
             " connections; 503: ", n[server_event::overload], "; cut off for slowness: ", n[server_event::slow_head],
             " heads, ", n[server_event::slow_body], " bodies, ", n[server_event::slow_reader], " readers, ",
             n[server_event::slow_handler], " handlers");
}

} // namespace phial
