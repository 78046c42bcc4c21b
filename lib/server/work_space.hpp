// The memory a connection works in while there are bytes to handle. Private to the server.
#pragma once

#include "phial/http/request.hpp"
#include "phial/server/head_parser.hpp"
#include "phial/server/inbox.hpp"
#include "phial/server/incoming_body.hpp"
#include "phial/server/loop_share.hpp"
#include "phial/server/outbox.hpp"
#include "phial/server/pace.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace phial {

/// An idle connection has none. The views of a request point into it, so a request whose handler waits keeps it, and
/// the next connection takes another.
struct work_space {
    explicit work_space(message_limits const &limits) : head(limits) {}

    inbox in;
    head_parser head;
    incoming_body body;
    std::optional<request> rq;
    outbox out;

    // Of the current request and its response.
    std::chrono::steady_clock::time_point began;
    std::uint64_t received = 0; // bytes
    bool has_method = false;    // the method is a known one
    loop_share share;
    pace body_pace;
};

} // namespace phial
