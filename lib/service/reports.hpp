// What a service reports in its log while it runs, and at its end.
#pragma once

#include "phial/http/clients.hpp"
#include "phial/logging/logger.hpp"
#include "phial/runtime/loop.hpp"
#include "phial/server/server.hpp"

namespace phial {

/// Reports how many responses were 503, at most once a second: under overload there are many. All outlive the loop.
void report_overload(loop &main_loop, server const &s, logger const &log);

/// Reports how many connections of trusted proxies were closed because they began without a PROXY header, at most once
/// a second. All outlive the loop.
void report_proxy_headers(loop &main_loop, server const &s, logger const &log);

/// Names the clients that reached a limit for one client: they may be proxies. All outlive the loop.
void report_clients(loop &main_loop, clients &table, logger const &log);

/// Reports the totals of all connections and requests.
void report_end(server_counts const &n, logger const &log);

} // namespace phial
