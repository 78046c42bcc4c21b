// Compares text with a word that is known when this is compiled, several bytes at a time. Private to the server.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace phial {

/// Equal without regard to case. `word` consists of lower-case letters and hyphens; `text` has no control characters
/// but tabs. Setting bit 0x20 makes a letter small, and makes nothing else a letter; a hyphen could only come from a
/// CR.
template <std::size_t N>
[[nodiscard]] inline bool is_word(std::string_view text, char const (&word)[N]) noexcept {
    constexpr auto size = N - 1;
    using part = std::conditional_t<(size < 8), std::uint32_t, std::uint64_t>;
    static_assert(size >= sizeof(part));
    if (text.size() != size) return false;
    auto const differ = [&](std::size_t begin) {
        part a, b;
        std::memcpy(&a, text.data() + begin, sizeof a);
        std::memcpy(&b, word + begin, sizeof b);
        return (a | static_cast<part>(0x2020202020202020)) != b;
    };
    for (std::size_t i = 0; i + sizeof(part) < size; i += sizeof(part))
        if (differ(i)) return false;
    return !differ(size - sizeof(part)); // may look at some bytes once more
}

} // namespace phial
