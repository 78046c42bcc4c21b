// Finds the ends of the parts of a head, with a table and with SSE2. Private to the server.
#pragma once

#include "phial/text/ascii.hpp"

#include <array>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace phial::head_bytes {

/// What a byte may be part of. Targets have visible ASCII only, here; a plain path is a target that has nothing to
/// decode and nothing to split.
enum part : std::uint8_t { in_name = 1, in_value = 2, in_target = 4, in_plain_path = 8 };

inline constexpr auto parts_of_bytes = [] {
    std::array<std::uint8_t, 256> table{};
    for (unsigned i = 0; i < 256; ++i) {
        auto const c = static_cast<char>(i);
        bool const is_visible = i > 0x20 && i < 0x7F;
        bool const is_special = c == '%' || c == '?' || c == '#';
        table[i] =
            static_cast<std::uint8_t>((is_visible && is_token_char(c) ? in_name : 0) | (!is_control(c) ? in_value : 0) |
                                      (is_visible ? in_target : 0) | (is_visible && !is_special ? in_plain_path : 0));
    }
    return table;
}();

[[nodiscard]] inline bool is(part which, char c) noexcept {
    return (parts_of_bytes[static_cast<unsigned char>(c)] & which) != 0;
}

#if defined(__SSE2__)
/// Marks bytes that surely are in that part; not all of them.
template <part Which>
[[nodiscard]] inline __m128i surely(__m128i bytes) noexcept {
    auto const equal_to = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    // Numbers are signed. What is added makes the last byte of a range 0x7F, the largest; then one comparison is
    // enough.
    if constexpr (Which == in_name) { // letters and hyphens
        auto const moved = _mm_add_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8(0x7F - 'z'));
        auto const letters = _mm_cmpgt_epi8(moved, _mm_set1_epi8(0x7F - 'z' + 'a' - 1));
        return _mm_or_si128(letters, equal_to('-'));
    } else { // visible ASCII, in values also spaces
        constexpr char first = Which == in_value ? ' ' : '!';
        auto const visible = _mm_cmpgt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8(1)), _mm_set1_epi8(first));
        if constexpr (Which != in_plain_path) return visible;
        auto const special = _mm_or_si128(_mm_or_si128(equal_to('%'), equal_to('?')), equal_to('#'));
        return _mm_andnot_si128(special, visible);
    }
}
#endif

/// At least this many more bytes must follow the end of a search.
inline constexpr auto slack = 4;

/// Where the part that begins at `p` ends, mostly before a `Stop`. Whatever is returned from `end` on means that it
/// does not end before `end`. SSE2 passes over most bytes, and the table decides on the others.
template <part Which, char Stop>
[[nodiscard]] inline char const *find_end(char const *p, char const *end) noexcept {
    static_assert((parts_of_bytes[static_cast<unsigned char>(Stop)] & Which) == 0);
#if defined(__SSE2__)
    for (auto const *const last_block = end + slack - 16; p <= last_block; p += 16) {
        auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const *>(p));
        auto const unsure = static_cast<unsigned>(_mm_movemask_epi8(surely<Which>(bytes))) ^ 0xFFFFU;
        if (unsure == 0) continue;
        p += __builtin_ctz(unsure);
        if (*p == Stop) return p;
        break;
    }
#endif
    while (p < end && is(Which, *p)) ++p;
    return p;
}

} // namespace phial::head_bytes
