// What became of each request: for those who log and count.
#pragma once

#include "phial/http/request.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace phial {

/// A request and its answer.
struct exchange {
    request const &rq;       // what could be read of it
    std::string_view method; // "_OTHER": unknown, or not readable (OpenTelemetry's name for that)
    bool refused;            // by the server; no handler saw it
    unsigned status;
    bool complete;          // the answer was handed to the kernel to its last byte
    std::uint64_t received; // bytes, head and framing included
    std::uint64_t sent;
    std::chrono::steady_clock::duration took; // from the head's last byte to the answer's
    boost::asio::ip::address const &peer;
};

/// One for each loop, called on its thread.
class observer {
  public:
    virtual ~observer() = default;
    /// After the answer was sent; of requests that came together all but the last, just before. What the exchange
    /// refers to lives until this returns.
    virtual void answered(exchange const &what) noexcept = 0;
    /// Once a second, and when the loop ends.
    virtual void tick() noexcept = 0;
};

/// Makes one. Called before the loops run.
using make_observer = std::function<std::unique_ptr<observer>()>;

} // namespace phial
