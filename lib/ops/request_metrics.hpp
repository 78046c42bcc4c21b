// Counts requests by method, route and status code, separately on each loop.
#pragma once

#include "phial/ops/exposition.hpp"
#include "phial/server/observer.hpp"
#include "phial/server/server_counts.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// How long requests with one method, route and status code took. Written by one loop, read by any thread.
struct request_series {
    /// Upper bounds in seconds, as OpenTelemetry recommends for http.server.request.duration.
    static constexpr std::array<double, 14> bounds{.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10};

    void add(std::chrono::nanoseconds took) noexcept;

    std::string_view method;
    std::string_view route; // the template, or "unmatched"
    unsigned status = 0;
    std::array<counter, bounds.size() + 1> buckets; // not cumulative
    counter nanoseconds;
};

/// The counts of one loop.
class loop_request_metrics {
  public:
    loop_request_metrics();

    /// Call it on the loop's thread. Route templates live as long as this.
    void add(exchange const &what) noexcept;

  private:
    friend class request_metrics;

    // More than the usual combinations of route, method and status code; further ones are counted together in
    // overflow_.
    static constexpr std::size_t most = 1024;
    static constexpr unsigned last_status = 599;

    request_series &series_of(std::string_view method, std::string_view route, unsigned status) noexcept;

    // Its loop searches it and adds to it; entries are never removed. Other threads read what is there.
    std::array<std::atomic<request_series *>, most> table_{};
    std::vector<std::unique_ptr<request_series>> all_;
    request_series overflow_;
    std::array<counter, last_status + 1> refusals_; // by status code
    counter received_;
    counter sent_;
    counter incomplete_;
};

/// The counts of all loops.
class request_metrics {
  public:
    /// Adds the counts of one loop, which live as long as this. From any thread, before that loop runs.
    [[nodiscard]] loop_request_metrics &add_loop();

    /// Appends http_server_request_duration_seconds and the other metrics of requests. From any thread, at any time.
    void append_to(exposition &out) const;

  private:
    mutable std::mutex mutex_; // guards loops_; no loop locks it
    std::vector<std::unique_ptr<loop_request_metrics>> loops_;
};

} // namespace phial
