#include "phial/text/base64.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace phial {
namespace {

constexpr std::size_t most = 8 * 1024;

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The six bits of each character; more bits for one that is not in the alphabet.
constexpr auto values = [] {
    std::array<std::uint8_t, 256> all{};
    all.fill(0xFF);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        all[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return all;
}();

unsigned value(char c) noexcept { return values[static_cast<unsigned char>(c)]; }

} // namespace

bool decode_base64(std::string_view text, std::string &out) {
    out.clear();
    if (text.size() % 4 != 0 || text.size() > most) return false;
    std::size_t const padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    out.resize(text.size() / 4 * 3 - padding);
    auto *to = out.data();
    auto const *from = text.data();
    auto const *const end = from + text.size();
    unsigned seen = 0; // all bits of all values
    for (auto const *const whole = end - (padding == 0 ? 0 : 4); from != whole; from += 4) {
        auto const a = value(from[0]);
        auto const b = value(from[1]);
        auto const c = value(from[2]);
        auto const d = value(from[3]);
        seen |= a | b | c | d;
        *to++ = static_cast<char>(a << 2 | b >> 4);
        *to++ = static_cast<char>(b << 4 | c >> 2);
        *to++ = static_cast<char>(c << 6 | d);
    }
    unsigned stray = 0; // bits of the last character that encode nothing
    if (padding != 0) {
        auto const a = value(from[0]);
        auto const b = value(from[1]);
        auto const c = padding == 1 ? value(from[2]) : 0;
        seen |= a | b | c;
        *to++ = static_cast<char>(a << 2 | b >> 4);
        if (padding == 1) *to = static_cast<char>(b << 4 | c >> 2);
        stray = padding == 1 ? c & 3 : b & 15;
    }
    return seen < alphabet.size() && stray == 0;
}

std::optional<std::string> decode_base64(std::string_view text) {
    std::string decoded;
    if (!decode_base64(text, decoded)) return std::nullopt;
    return decoded;
}

std::string encode_base64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 3))) {
        auto const byte = [bytes](std::size_t n) -> unsigned {
            return n < bytes.size() ? static_cast<unsigned char>(bytes[n]) : 0;
        };
        auto const bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (std::size_t n = 0; n < 4; ++n) text += n <= bytes.size() ? alphabet[bits >> (18 - 6 * n) & 63] : '=';
    }
    return text;
}

} // namespace phial
