// A second listener, only for the operator.
#pragma once

#include "phial/http/handler.hpp"
#include "phial/logging/logger.hpp"
#include "phial/runtime/loop.hpp"
#include "phial/server/server.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <thread>

namespace phial {

/// Serves on a loop and a thread that nothing else uses, so it responds when the other loops do not. Its limits are
/// small: it has few clients, and they are near.
class operator_listener {
  public:
    /// Port 0: any free port. `log` outlives this.
    operator_listener(std::string address, std::uint16_t port, std::string server_name, logger const &log);
    ~operator_listener() { end(); }
    operator_listener(operator_listener const &) = delete;
    operator_listener &operator=(operator_listener const &) = delete;

    /// For what the handlers use on this loop, before begin().
    [[nodiscard]] executor get_executor() noexcept { return loops_[0].get_executor(); }

    /// Listens and serves. Call it once. What `routes` refers to outlives this. Throws listen_error.
    void begin(handler routes);
    /// Stops at once: requests in progress get 503. After it, what the handlers use may be destroyed. A second call
    /// does nothing.
    void end();
    /// After begin(): "http://127.0.0.1:9090".
    [[nodiscard]] std::string url() const { return server_->url(); }

  private:
    server_options options_;
    logger const &log_;
    loops loops_{1};
    std::optional<server> server_;
    std::jthread thread_;
};

} // namespace phial
