// Reports each request and its response to logs and counters.
#pragma once

#include "phial/http/request.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace phial {

/// A request and its response.
struct exchange {
    request const &rq;       // what could be read of it
    std::string_view method; // "_OTHER": unknown, or not readable (OpenTelemetry's name for that)
    bool refused;            // rejected by the server; no handler saw it
    unsigned status;
    bool complete;          // writing the response has not failed
    std::uint64_t received; // bytes, head and framing included
    std::uint64_t sent;
    std::chrono::steady_clock::duration took; // from the end of the head to the end of the response
    boost::asio::ip::address const &peer;
};

/// One for each loop, called on its thread.
class observer {
  public:
    virtual ~observer() = default;
    /// Called after the response was written. The responses to pipelined requests are written together: there it is
    /// called before that write for all but the last. What the exchange refers to lives until this returns.
    virtual void finished(exchange const &what) noexcept = 0;
    /// Called once a second, and when the loop has ended.
    virtual void tick() noexcept = 0;
};

/// Makes the observer of one loop. Called before the loops run.
using make_observer = std::function<std::unique_ptr<observer>()>;

} // namespace phial
