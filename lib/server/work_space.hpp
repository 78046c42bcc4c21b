// The memory a connection works in while there are bytes to handle. Private to the server.
#pragma once

#include "phial/http/request.hpp"
#include "phial/server/head_parser.hpp"
#include "phial/server/incoming_body.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace phial {

/// An idle connection has none. The views of a request point into it, so a request whose handler waits keeps it, and
/// the next connection takes another.
struct work_space {
    static constexpr std::size_t capacity = largest_head + 4096;
    static constexpr std::size_t kept_output = 256 * 1024;

    explicit work_space(message_limits const &limits)
        : buffer(std::make_unique_for_overwrite<char[]>(capacity)),
          head(limits) {}

    std::unique_ptr<char[]> buffer;
    head_parser head;
    incoming_body body;
    std::optional<request> rq;
    std::string out; // responses not yet written
};

} // namespace phial
