// Numbers with units, as operators write them: 8080, 16KiB, 30s.
#pragma once

#include "phial/text/byte_units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace phial {

constexpr std::uint64_t kib = 1_KiB;
constexpr std::uint64_t mib = 1_MiB;
constexpr std::uint64_t gib = 1_GiB;
constexpr std::uint64_t day = 24 * 60 * 60; // in seconds

enum class unit {
    count,
    bytes,  // KiB, MiB and GiB may follow the number
    seconds // s may follow the number
};

/// The number in `text`; nothing when it is not a number or larger than 64 bits. No sign, no white space.
[[nodiscard]] std::optional<std::uint64_t> parse_quantity(std::string_view text, unit kind) noexcept;

/// The number in the largest unit that it is a multiple of. parse_quantity reads it back.
[[nodiscard]] std::string quantity_text(std::uint64_t n, unit kind);

} // namespace phial
