// What the fuzz targets share: properties that must hold, and input cut into pieces.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size);

namespace phial::fuzzing {

/// Ends the program unless the property holds; libFuzzer keeps the input.
inline void require(bool holds, std::source_location where = std::source_location::current()) {
    if (holds) return;
    std::fprintf(stderr, "%s:%u: this does not hold\n", where.file_name(), static_cast<unsigned>(where.line()));
    std::abort();
}

inline std::string_view as_text(std::uint8_t const *data, std::size_t size) noexcept {
    return {reinterpret_cast<char const *>(data), size};
}

/// Takes up to `n` bytes off `input`.
inline std::string_view take(std::string_view &input, std::size_t n) noexcept {
    auto const taken = input.substr(0, n);
    input.remove_prefix(taken.size());
    return taken;
}

/// Takes what comes before `stop` off `input`, and `stop`.
inline std::string_view take_until(std::string_view &input, char stop) noexcept {
    auto const taken = take(input, std::min(input.find(stop), input.size()));
    take(input, 1);
    return taken;
}

/// Calls `each` with one piece of `whole` after the other until it returns false. Each byte of `sizes` in turn is the
/// size of a piece: '0' is 1 byte, '9' is 10, 'O' is 16; no sizes: one piece. Every piece has memory of its own that
/// ends where it ends and is gone when `each` returns, so that the address sanitizer sees who looks beyond.
template <class F>
void for_each_piece(std::string_view whole, std::string_view sizes, F each) {
    for (std::size_t i = 0; !whole.empty(); ++i) {
        auto const n = sizes.empty() ? whole.size() : 1 + static_cast<unsigned char>(sizes[i % sizes.size()]) % 16U;
        auto const piece = take(whole, n);
        std::vector<char> const memory(piece.begin(), piece.end());
        if (!each(std::string_view(memory.data(), memory.size()))) return;
    }
}

} // namespace phial::fuzzing
