// The ids of a request: its own, and that of the trace it belongs to (W3C Trace Context).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace phial {

/// The trace a request belongs to: 32 lower-case hexadecimal digits, not all of them zero.
struct trace_id {
    std::array<char, 32> hex;

    /// The digits; the view lives as long as the id.
    [[nodiscard]] std::string_view text() const noexcept { return {hex.data(), hex.size()}; }

    [[nodiscard]] bool operator==(trace_id const &) const = default;
};

/// The trace that a traceparent field names (W3C Trace Context 3.2); nothing when it is malformed: then a new trace
/// begins. Version 00 is parsed strictly; a later version may continue after the flags (3.2.4). `value` has no white
/// space around it. For a request with several traceparent lines the caller begins a new trace.
[[nodiscard]] std::optional<trace_id> parse_traceparent(std::string_view value) noexcept;

/// Whether a request id from a client can be put into a header field and into a log line unchanged: 1 to 128 visible
/// ASCII characters, except a quote, a backslash, a comma, a semicolon and an equals sign.
[[nodiscard]] bool is_sane_request_id(std::string_view id) noexcept;

/// Makes ids without a system call for each. In practice they do not repeat, not even among several sources. But a
/// client that has seen some of them can compute the next: do not use them as secrets. Not thread-safe: one per loop.
class id_source {
  public:
    /// Seeded by the system. Throws std::runtime_error if the system has no random numbers.
    id_source();

    /// The same seed makes the same ids. It must not be all zero.
    explicit id_source(std::array<std::uint64_t, 4> const &seed) noexcept : state_(seed) {}

    /// 16 lower-case hexadecimal digits.
    [[nodiscard]] std::array<char, 16> request_id() noexcept;

    [[nodiscard]] trace_id trace() noexcept;

  private:
    std::uint64_t next() noexcept;

    std::array<std::uint64_t, 4> state_;
};

} // namespace phial
