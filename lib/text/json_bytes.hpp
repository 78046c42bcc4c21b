// Passes over the bytes of a JSON text that is read, with SSE2 where there is more than one.
#pragma once

#include "phial/text/ascii.hpp"
#include "phial/text/json_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace phial::json_bytes {

[[nodiscard]] constexpr bool is_white_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// How many bytes a block has.
inline constexpr std::ptrdiff_t block = 16;

/// The first byte from `p` on that is not white space, or `end`.
[[nodiscard]] inline char const *after_long_white_space(char const *p, char const *end) noexcept {
#if defined(__SSE2__)
    if (end - p >= block) {
        for (auto const *const last_block = end - block; p <= last_block; p += block) {
            auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const *>(p));
            auto const equal_to = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
            auto const white =
                _mm_or_si128(_mm_or_si128(equal_to(' '), equal_to('\n')), _mm_or_si128(equal_to('\t'), equal_to('\r')));
            auto const mask = static_cast<unsigned>(_mm_movemask_epi8(white));
            if (mask != 0xFFFFU) return p + __builtin_ctz(~mask);
        }
    }
#endif
    while (p != end && is_white_space(*p)) ++p;
    return p;
}

/// The same, for texts that mostly have none or one space.
[[nodiscard]] inline char const *after_white_space(char const *p, char const *end) noexcept {
    if (p == end || static_cast<unsigned char>(*p) > ' ') return p;
    if (*p == ' ' && p + 1 != end && static_cast<unsigned char>(p[1]) > ' ') return p + 1;
    return after_long_white_space(p, end);
}

[[nodiscard]] inline char const *after_digits(char const *p, char const *end) noexcept {
    while (p != end && is_digit(*p)) ++p;
    return p;
}

/// After an integer, which may be the beginning of a number; null if there is none at `p`.
[[nodiscard]] inline char const *after_integer(char const *p, char const *end) noexcept {
    if (p != end && *p == '-') ++p;
    auto const *const digits_end = p != end && *p == '0' ? p + 1 : after_digits(p, end);
    return digits_end == p ? nullptr : digits_end;
}

/// After the point at `p` and its digits; null if there are none.
[[nodiscard]] inline char const *after_fraction(char const *p, char const *end) noexcept {
    auto const *const digits_end = after_digits(p + 1, end);
    return digits_end == p + 1 ? nullptr : digits_end;
}

/// After the exponent whose letter is at `p`; null if it has no digits.
[[nodiscard]] inline char const *after_exponent(char const *p, char const *end) noexcept {
    ++p;
    if (p != end && (*p == '-' || *p == '+')) ++p;
    auto const *const digits_end = after_digits(p, end);
    return digits_end == p ? nullptr : digits_end;
}

/// Whether eight bytes are ASCII, and none is a quote, a backslash or a control character (DEL counts as none).
[[nodiscard]] inline bool are_plain_ascii(char const *p) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101;
    std::uint64_t word = 0;
    std::memcpy(&word, p, sizeof word);
    // The high bit of a byte that is less than n, if no byte is above 0x7F.
    auto const less = [](std::uint64_t w, std::uint64_t n) { return w - ones * n; };
    auto const found = word | less(word, ' ') | less(word ^ (ones * '"'), 1) | less(word ^ (ones * '\\'), 1);
    return (found & (ones << 7U)) == 0;
}

#if defined(__SSE2__)
namespace detail {
// A bit for each byte of a block that a JSON string cannot have as it is.
inline unsigned special(__m128i bytes) noexcept {
    auto const equal_to = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    auto const control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(' ' - 1)), bytes);
    auto const found = _mm_or_si128(control, _mm_or_si128(equal_to('"'), equal_to('\\')));
    return static_cast<unsigned>(_mm_movemask_epi8(found));
}
inline __m128i block_at(char const *p) noexcept { return _mm_loadu_si128(reinterpret_cast<__m128i const *>(p)); }

// How many bytes at the beginning of a block are plain (is_plain_json).
inline std::size_t plain_length(__m128i bytes) noexcept {
    auto const equal_to = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    // Numbers are signed: one more than DEL is negative, as what is not ASCII.
    auto const visible = _mm_cmpgt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8(1)), _mm_set1_epi8(' '));
    auto const plain = _mm_andnot_si128(_mm_or_si128(equal_to('"'), equal_to('\\')), visible);
    return static_cast<std::size_t>(__builtin_ctz(~static_cast<unsigned>(_mm_movemask_epi8(plain))));
}
} // namespace detail
#endif

/// The first byte from `p` on that a JSON string cannot have as it is: a quote, a backslash, a control character. Or
/// `end`.
[[nodiscard]] inline char const *after_plain(char const *p, char const *end) noexcept {
#if defined(__SSE2__)
    if (end - p >= block)
        for (auto const *const last_block = end - block; p <= last_block; p += block)
            if (auto const found = detail::special(detail::block_at(p)); found != 0) return p + __builtin_ctz(found);
#endif
    while (p != end && static_cast<unsigned char>(*p) >= ' ' && *p != '"' && *p != '\\') ++p;
    return p;
}

/// The same, or the first byte that is not ASCII.
[[nodiscard]] inline char const *after_plain_ascii(char const *p, char const *end) noexcept {
#if defined(__SSE2__)
    auto const found_at = [](char const *from) {
        auto const bytes = detail::block_at(from);
        return detail::special(bytes) | static_cast<unsigned>(_mm_movemask_epi8(bytes)); // the high bits
    };
    if (end - p >= block) {
        for (auto const *const last_block = end - block;; p += block) {
            bool const is_last = p >= last_block;
            if (is_last) p = last_block; // what is looked at again is plain
            if (auto const found = found_at(p); found != 0) return p + __builtin_ctz(found);
            if (is_last) return end;
        }
    }
#endif
    while (end - p >= 8 && are_plain_ascii(p)) p += 8;
    while (p != end && static_cast<signed char>(*p) >= ' ' && *p != '"' && *p != '\\') ++p;
    return p;
}

/// After the string whose first quote is at `p`; `end` if it does not end. A quote ends it if an even number of
/// backslashes is before it, and each backslash is looked at for one quote only.
[[nodiscard]] inline char const *after_string(char const *p, char const *end) noexcept {
    ++p;
    while (p != end) {
        auto const *const quote = static_cast<char const *>(std::memchr(p, '"', static_cast<std::size_t>(end - p)));
        if (quote == nullptr) break;
        auto const *escape = quote;
        while (escape != p && escape[-1] == '\\') --escape;
        p = quote + 1;
        if ((quote - escape) % 2 == 0) return p;
    }
    return end;
}

/// The first byte from `p` on that is not plain (is_plain_json), or `end`.
[[nodiscard]] inline char const *after_plain_json(char const *p, char const *end) noexcept {
#if defined(__SSE2__)
    while (end - p >= block) {
        auto const n = static_cast<std::ptrdiff_t>(detail::plain_length(detail::block_at(p)));
        p += n;
        if (n < block) return p;
    }
#endif
    while (p != end && is_plain_json(*p)) ++p;
    return p;
}

/// Copies a block of text, and returns how many bytes at its beginning are plain (is_plain_json).
inline std::size_t copy_plain(char *out, char const *from) noexcept {
#if defined(__SSE2__)
    auto const bytes = detail::block_at(from);
    _mm_storeu_si128(reinterpret_cast<__m128i *>(out), bytes);
    return detail::plain_length(bytes);
#else
    std::memcpy(out, from, block);
    std::size_t n = 0;
    while (n < block && is_plain_json(from[n])) ++n;
    return n;
#endif
}

/// Copies `n` bytes in blocks, the last of which is copied whole: there must be so much to read and room for it.
/// Returns where the `n` bytes end.
inline char *copy_blocks(char *out, char const *from, std::size_t n) noexcept {
    auto *const end = out + n;
    std::memcpy(out, from, block); // most often that is all
    while (end - out > block) {
        out += block;
        from += block;
        std::memcpy(out, from, block);
    }
    return end;
}

} // namespace phial::json_bytes
