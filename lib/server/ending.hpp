// How a connection ends. Private to the server.
#pragma once

#include <algorithm>
#include <cstdint>

namespace phial {

/// A value that is decided step by step while a request is read and its response is written.
class ending {
  public:
    /// Each is stronger than those before it.
    enum way : std::uint8_t {
        none,
        close,  // after the response
        linger, // after the response, and when the client has stopped sending
        broken  // nothing can be written any more
    };

    /// The connection ends at least in this way.
    void require(way w) noexcept { way_ = std::max(way_, w); }
    /// The client may still be sending: closing at once would make it lose the response.
    void expect_bytes() noexcept {
        if (way_ == close) way_ = linger;
    }

    [[nodiscard]] bool operator==(way w) const noexcept { return way_ == w; }

  private:
    way way_ = none;
};

} // namespace phial
