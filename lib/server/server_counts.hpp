// Counts of what a server has done and rejected. A new event needs one row in the table below, and one call of count().
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace phial {

/// Counted by one thread, read by any.
class counter {
  public:
    void add(std::uint64_t n) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }
    counter &operator++() noexcept {
        add(1);
        return *this;
    }

  private:
    std::atomic<std::uint64_t> value_ = 0;
};

enum class server_event : std::size_t {
    connection,
    request,
    overload,
    slow_head,
    slow_body,
    slow_reader,
    slow_handler,
    gone_client,
    no_proxy_header
};

/// How the metrics show an event; rows of one metric follow each other and differ in the label.
struct server_event_row {
    server_event event;
    std::string_view metric; // without the name of the service; empty: not a metric
    std::string_view label;  // "slow"; empty: none
    std::string_view value;
    std::string_view help; // of the metric, in its first row
};

/// In the order of the enumeration.
inline constexpr std::array server_events{
    server_event_row{server_event::connection, "_connections_total", "", "", "Connections accepted."},
    server_event_row{server_event::request, "", "", "", ""}, // they are in http_server_request_duration_seconds
    server_event_row{server_event::overload, "_overload_answers_total", "", "",
                     "Responses of 503, and connections closed without one."},
    server_event_row{server_event::slow_head, "_cut_off_total", "slow", "head",
                     "Requests and responses cut off for slowness, by what was slow."},
    server_event_row{server_event::slow_body, "_cut_off_total", "slow", "body", ""},
    server_event_row{server_event::slow_reader, "_cut_off_total", "slow", "reader", ""},
    server_event_row{server_event::slow_handler, "_cut_off_total", "slow", "handler", ""},
    server_event_row{server_event::gone_client, "_gone_clients_total", "", "",
                     "Requests cancelled (499) because their client had closed its connection."},
    server_event_row{server_event::no_proxy_header, "_proxy_header_faults_total", "", "",
                     "Connections of trusted proxies closed because they did not begin with a PROXY header."},
};
static_assert([] {
    for (std::size_t i = 0; i < server_events.size(); ++i)
        if (server_events[i].event != static_cast<server_event>(i)) return false;
    return true;
}());

/// A number for each event: `counter` in each loop, std::uint64_t in the sum of all loops.
template <class Number>
class basic_server_counts {
  public:
    [[nodiscard]] Number &operator[](server_event e) noexcept { return all_[static_cast<std::size_t>(e)]; }
    [[nodiscard]] Number const &operator[](server_event e) const noexcept { return all_[static_cast<std::size_t>(e)]; }

  private:
    std::array<Number, server_events.size()> all_{};
};

using server_counts = basic_server_counts<std::uint64_t>;

} // namespace phial
