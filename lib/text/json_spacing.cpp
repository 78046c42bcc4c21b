// Looks at 64 bytes at a time: a bit for each. Where too much of what is between two separators is copied, the next
// copy is written over it.
#include "phial/text/json_spacing.hpp"

#include "phial/text/json_bytes.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace phial {
namespace {

using json_bytes::copy_blocks;

constexpr std::size_t block_size = 64;
static_assert(json_spacing_slack == json_bytes::block);

struct marks {
    std::uint64_t quotes = 0;
    std::uint64_t backslashes = 0;
    std::uint64_t separators = 0;
};

#if defined(__SSE2__)
marks marks_of(char const *block) noexcept {
    marks found;
    for (unsigned n = 0; n < block_size; n += 16) {
        auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const *>(block + n));
        auto const equal_to = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
        auto const bits = [n](__m128i m) { return std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(m))} << n; };
        found.quotes |= bits(equal_to('"'));
        found.backslashes |= bits(equal_to('\\'));
        found.separators |= bits(_mm_or_si128(equal_to(','), equal_to(':')));
    }
    return found;
}
#else
marks marks_of(char const *block) noexcept {
    marks found;
    for (unsigned n = 0; n < block_size; ++n) {
        char const c = block[n];
        found.quotes |= std::uint64_t{c == '"'} << n;
        found.backslashes |= std::uint64_t{c == '\\'} << n;
        found.separators |= std::uint64_t{c == ',' || c == ':'} << n;
    }
    return found;
}
#endif

// Each bit becomes the parity of the bits up to it.
constexpr std::uint64_t parity_up_to_each(std::uint64_t bits) noexcept {
    for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
}

// Finds the separators of one block after the other.
class separator_finder {
  public:
    std::uint64_t next(char const *block) noexcept {
        auto found = marks_of(block);
        if (found.backslashes != 0 || escaped_ != 0) found.quotes &= ~escaped(found.backslashes);
        auto const quoted = parity_up_to_each(found.quotes) ^ quoted_;
        quoted_ = 0 - (quoted >> 63U);
        return found.separators & ~quoted;
    }

  private:
    // The characters after a backslash that is not itself escaped.
    std::uint64_t escaped(std::uint64_t backslashes) noexcept {
        auto all = std::exchange(escaped_, 0);
        backslashes &= ~all;
        while (backslashes != 0) {
            auto const first = backslashes & (0 - backslashes);
            if (first >> 63U != 0) escaped_ = 1;
            all |= first << 1U;
            backslashes &= ~(first | first << 1U);
        }
        return all;
    }

    std::uint64_t quoted_ = 0;  // all bits: the block before ended in a string
    std::uint64_t escaped_ = 0; // the lowest bit: it ended with a backslash
};

char *copy_spaced(char *out, char const *block, std::size_t size, std::uint64_t separators) noexcept {
    auto const *from = block;
    for (; separators != 0; separators &= separators - 1) {
        auto const *const to = block + std::countr_zero(separators) + 1;
        out = copy_blocks(out, from, static_cast<std::size_t>(to - from));
        *out++ = ' ';
        from = to;
    }
    return copy_blocks(out, from, static_cast<std::size_t>(block + size - from));
}

// Calls `see` with each block: where it is, its size and its separators. copy_blocks
// may read beyond its end, up to the end of a block.
template <class See>
void each_block(std::string_view text, See see) noexcept {
    separator_finder finder;
    for (; text.size() >= block_size + json_spacing_slack; text.remove_prefix(block_size))
        see(text.data(), block_size, finder.next(text.data()));
    while (!text.empty()) {
        std::array<char, block_size + json_spacing_slack> block{};
        auto const size = std::min(text.size(), block_size);
        std::memcpy(block.data(), text.data(), size);
        see(block.data(), size, finder.next(block.data()));
        text.remove_prefix(size);
    }
}

} // namespace

std::size_t json_separators(std::string_view text) noexcept {
    std::size_t n = 0;
    each_block(text, [&](char const *, std::size_t, std::uint64_t separators) {
        n += static_cast<std::size_t>(std::popcount(separators));
    });
    return n;
}

char *copy_spaced_json(char *out, std::string_view text) noexcept {
    each_block(text, [&](char const *block, std::size_t size, std::uint64_t separators) {
        out = copy_spaced(out, block, size, separators);
    });
    return out;
}

} // namespace phial
