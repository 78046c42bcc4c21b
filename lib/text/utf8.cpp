// Follows Unicode's table of well-formed byte sequences (table 3-7).
#include "phial/text/utf8.hpp"

#include <bit>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace phial {
namespace {

struct lead {
    std::size_t length;  // of the sequence that begins with it; 0: none does
    std::uint8_t lowest; // second byte
    std::uint8_t highest;
};

constexpr lead classify(std::uint8_t b) noexcept {
    if (b < 0x80) return {1, 0, 0};
    if (b < 0xC2) return {0, 0, 0};
    if (b < 0xE0) return {2, 0x80, 0xBF};
    if (b == 0xE0) return {3, 0xA0, 0xBF};
    if (b == 0xED) return {3, 0x80, 0x9F}; // no surrogates
    if (b < 0xF0) return {3, 0x80, 0xBF};
    if (b == 0xF0) return {4, 0x90, 0xBF};
    if (b < 0xF4) return {4, 0x80, 0xBF};
    if (b == 0xF4) return {4, 0x80, 0x8F}; // nothing above U+10FFFF
    return {0, 0, 0};
}

constexpr std::uint8_t byte(char c) noexcept { return static_cast<std::uint8_t>(c); }

// How many bytes at the beginning of `s` belong to a well-formed sequence, and whether it is complete.
struct part {
    std::size_t length;
    bool whole;
};

part first_part(std::string_view s) noexcept {
    auto const [length, lowest, highest] = classify(byte(s[0]));
    if (length == 0) return {1, false};
    std::size_t n = 1;
    for (; n < length; ++n) {
        if (n == s.size()) return {n, false};
        auto const b = byte(s[n]);
        if (n == 1 ? b < lowest || b > highest : b < 0x80 || b > 0xBF) return {n, false};
    }
    return {n, true};
}

} // namespace

// Most sequences that are not ASCII have two bytes, or three with any second one.
std::size_t utf8_sequence(std::string_view s) noexcept {
    auto const first = byte(s[0]);
    auto const is_next = [s](std::size_t n) { return (byte(s[n]) & 0xC0U) == 0x80; };
    if (first >= 0xC2 && first < 0xE0 && s.size() >= 2 && is_next(1)) return 2;
    if (first > 0xE0 && first < 0xED && s.size() >= 3 && is_next(1) && is_next(2)) return 3;
    auto const [length, whole] = first_part(s);
    return whole ? length : 0;
}

char32_t utf8_decode(std::string_view sequence) noexcept {
    constexpr std::uint8_t payload[] = {0x7F, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t c = byte(sequence[0]) & payload[sequence.size()];
    for (char const b : sequence.substr(1)) c = (c << 6) | (byte(b) & 0x3FU);
    return c;
}

char *write_utf8(char *out, char32_t c) noexcept {
    auto const put = [&out](char32_t b) { *out++ = static_cast<char>(static_cast<std::uint8_t>(b)); };
    if (c < 0x80) {
        put(c);
        return out;
    }
    if (c < 0x800) {
        put(0xC0 | c >> 6);
    } else {
        if (c < 0x10000) {
            put(0xE0 | c >> 12);
        } else {
            put(0xF0 | c >> 18);
            put(0x80 | (c >> 12 & 0x3F));
        }
        put(0x80 | (c >> 6 & 0x3F));
    }
    put(0x80 | (c & 0x3F));
    return out;
}

namespace {

constexpr std::size_t block = 16;
constexpr std::size_t large_block = 4 * block;

#if defined(__SSE2__)
__m128i bytes_at(char const *p) noexcept { return _mm_loadu_si128(reinterpret_cast<__m128i const *>(p)); }

// The bytes above 0x7F of a block, a bit each, the first one lowest.
unsigned others_in(char const *p) noexcept { return static_cast<unsigned>(_mm_movemask_epi8(bytes_at(p))); }

bool is_large_block_ascii(char const *p) noexcept {
    auto const half = [](char const *q) { return _mm_or_si128(bytes_at(q), bytes_at(q + block)); };
    return _mm_movemask_epi8(_mm_or_si128(half(p), half(p + 2 * block))) == 0;
}
#else
unsigned others_in(char const *p) noexcept {
    unsigned bits = 0;
    for (std::size_t n = 0; n < block; ++n) bits |= static_cast<unsigned>(byte(p[n]) >> 7U) << n;
    return bits;
}

bool is_large_block_ascii(char const *p) noexcept {
    return (others_in(p) | others_in(p + block) | others_in(p + 2 * block) | others_in(p + 3 * block)) == 0;
}
#endif

// How many ASCII characters `s` begins with.
std::size_t ascii_length(std::string_view s) noexcept {
    std::size_t n = 0;
    while (s.size() - n >= large_block && is_large_block_ascii(s.data() + n)) n += large_block;
    for (; s.size() - n >= block; n += block)
        if (auto const others = others_in(s.data() + n); others != 0)
            return n + static_cast<std::size_t>(std::countr_zero(others));
    while (n < s.size() && byte(s[n]) < 0x80) ++n;
    return n;
}

// How many bytes at the beginning of `s` are well-formed.
std::size_t well_formed(std::string_view s) noexcept {
    std::size_t n = 0;
    for (;;) {
        n += ascii_length(s.substr(n));
        if (n == s.size()) return n;
        while (n < s.size() && byte(s[n]) >= 0x80) {
            auto const length = utf8_sequence(s.substr(n));
            if (length == 0) return n;
            n += length;
        }
    }
}

} // namespace

bool is_utf8(std::string_view s) noexcept { return well_formed(s) == s.size(); }

std::string_view take_utf8(std::string_view &s) noexcept {
    auto const right = s.substr(0, well_formed(s));
    if (!right.empty()) {
        s.remove_prefix(right.size());
        return right;
    }
    s.remove_prefix(first_part(s).length);
    return "\xEF\xBF\xBD";
}

std::size_t to_utf8_length(std::string_view s) noexcept {
    std::size_t n = 0;
    while (!s.empty()) n += take_utf8(s).size();
    return n;
}

std::string to_utf8(std::string_view s) {
    std::string out;
    out.reserve(to_utf8_length(s));
    while (!s.empty()) out += take_utf8(s);
    return out;
}

} // namespace phial
