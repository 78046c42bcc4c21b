// Counters of an app, by name.
#pragma once

#include "phial/ops/exposition.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace phial {

/// Any thread may count and read.
class shared_counter {
  public:
    void add(std::uint64_t n) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
    shared_counter &operator++() noexcept {
        add(1);
        return *this;
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_ = 0;
};

/// The counters of an app, in the order in which they were added. Call add() only before there are other threads.
class counters {
  public:
    /// Adds a counter, which lives as long as this. `name` is as in exposition::family: "_greetings_total".
    [[nodiscard]] shared_counter &add(std::string name, std::string help) {
        return all_.emplace_back(std::move(name), std::move(help)).value;
    }

    void append_to(exposition &out) const {
        for (auto const &c : all_) {
            out.family(c.name, "counter", c.help);
            out.sample({}, c.value.value());
        }
    }

  private:
    struct row {
        row(std::string n, std::string h) : name(std::move(n)), help(std::move(h)) {}
        std::string name;
        std::string help;
        shared_counter value;
    };
    std::deque<row> all_;
};

} // namespace phial
