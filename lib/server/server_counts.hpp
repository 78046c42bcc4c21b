// Counts what a server has done and rejected.
#pragma once

#include <atomic>
#include <cstdint>

namespace phial {

/// Written by one thread, read by any.
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

/// `Number` is counter in each loop, std::uint64_t in their sum.
template <class Number>
struct basic_server_counts {
    Number connections{};
    Number requests{};
    Number overloads{};     // 503, or closed without a response when there were too many
    Number slow_heads{};    // cut off, 408
    Number slow_bodies{};   // cut off, 408
    Number slow_readers{};  // cut off
    Number slow_handlers{}; // cancelled, 503
    Number gone_clients{};  // closed while a handler worked: cancelled, 499
};

using server_counts = basic_server_counts<std::uint64_t>;

} // namespace phial
