// Sizes as they are said: 64_KiB, 16_MiB.
#pragma once

#include <cstdint>

namespace phial {
namespace detail {

consteval std::uint64_t scaled(unsigned long long n, std::uint64_t unit) {
    if (n > UINT64_MAX / unit) throw "phial: the size does not fit into 64 bits";
    return n * unit;
}

} // namespace detail

/// Bytes, in the binary units of ISO/IEC 80000-13. A size that does not fit into 64 bits does not compile.
consteval std::uint64_t operator""_KiB(unsigned long long n) { return detail::scaled(n, std::uint64_t{1} << 10U); }
consteval std::uint64_t operator""_MiB(unsigned long long n) { return detail::scaled(n, std::uint64_t{1} << 20U); }
consteval std::uint64_t operator""_GiB(unsigned long long n) { return detail::scaled(n, std::uint64_t{1} << 30U); }

} // namespace phial
