// The ids a request is known by: its own, and that of the trace it belongs to (W3C Trace Context).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace phial {

/// The trace a request belongs to: 32 lower-case hexadecimal digits, not all of them zero.
struct trace_id {
    std::array<char, 32> hex;

    /// The digits, as long as the id lives.
    [[nodiscard]] std::string_view text() const noexcept { return {hex.data(), hex.size()}; }

    [[nodiscard]] bool operator==(trace_id const &) const = default;
};

/// The trace that a traceparent field names (W3C Trace Context 3.2), nothing when it is malformed: then a new trace
/// begins. Version 00 is read strictly, a later one by the rule of 3.2.4: it may go on behind the flags. `value` is
/// without the white space around it; a request with several traceparent lines has none.
[[nodiscard]] std::optional<trace_id> parse_traceparent(std::string_view value) noexcept;

/// Whether a request id that a client chose can go into a header and into a line of a log as it is: 1 to 128 visible
/// ASCII characters, none of them a quote, a backslash, a comma, a semicolon or an equals sign.
[[nodiscard]] bool is_sane_request_id(std::string_view id) noexcept;

/// Makes ids without asking the system each time. They do not repeat in practice, not among several sources either, but
/// whoever has seen some can tell the next: nothing secret may depend on them. Not thread-safe: one a loop.
class id_source {
  public:
    /// Seeded by the system. Throws std::runtime_error when that has no random numbers.
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
