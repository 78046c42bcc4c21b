// The counts of a server, as metrics.
#pragma once

#include "phial/ops/exposition.hpp"
#include "phial/runtime/loop.hpp"
#include "phial/server/server.hpp"

namespace phial {

/// Connections, overload, requests and responses that were cut off. From any thread.
void append_server_metrics(exposition &out, server const &s);

/// How late each loop is. From any thread.
void append_loop_metrics(exposition &out, loops &all);

} // namespace phial
