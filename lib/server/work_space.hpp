// The memory a connection works in while there are bytes to handle. Private to the server.
#pragma once

#include "phial/server/head_parser.hpp"
#include "phial/server/inbox.hpp"
#include "phial/server/loop_share.hpp"
#include "phial/server/open_exchange.hpp"
#include "phial/server/outbox.hpp"

namespace phial {

/// An idle connection has none. The views of a request point into it, so a request whose handler waits keeps it, and
/// the next connection takes another.
struct work_space {
    explicit work_space(message_limits const &limits) : head(limits) {}

    inbox in;
    head_parser head;
    open_exchange current;
    outbox out;
    loop_share share;
    body_stream *streamed = nullptr; // the response's stream, while it is sent
    bool is_chunked = false;         // the response
};

} // namespace phial
