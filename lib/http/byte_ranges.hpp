// The field Range (RFC 9110 14).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace phial {

/// A part of a representation; never empty.
struct byte_range {
    std::uint64_t first;
    std::uint64_t size;
    friend bool operator==(byte_range, byte_range) = default;
};

/// The parts of `length` bytes that a value of Range asks for. Nothing when the field is to be ignored: another unit
/// than bytes, malformed, more than `most` ranges (14.2), or all of no bytes, which no response can express. Empty when
/// no range can be satisfied (416).
///
/// Ranges that overlap, or with less between them than the head of a part takes, become one (15.3.7.2), so that no
/// request makes more than it asks for. The others stay in the order of the field.
[[nodiscard]] std::optional<std::vector<byte_range>> select_ranges(std::string_view field, std::uint64_t length,
                                                                   std::size_t most);

} // namespace phial
