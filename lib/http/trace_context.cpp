// Parses traceparent, and makes ids from the numbers of xoshiro256**.
#include "phial/http/trace_context.hpp"

#include "phial/text/ascii.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <unistd.h>

namespace phial {
namespace {

bool is_lower_hex(std::string_view s) noexcept {
    return std::all_of(s.begin(), s.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view digits) noexcept { return digits.find_first_not_of('0') == digits.npos; }

// Eight digits as bytes, the most significant first: each half byte becomes a byte, and then a digit. All at once,
// because every request has an id.
std::uint64_t hex_digits(std::uint32_t value) noexcept {
    std::uint64_t x = value;
    x = (x | x << 16U) & 0x0000FFFF0000FFFFU;
    x = (x | x << 8U) & 0x00FF00FF00FF00FFU;
    x = (x | x << 4U) & 0x0F0F0F0F0F0F0F0FU;
    auto const letters = ((x + 0x0606060606060606U) >> 4U) & 0x0101010101010101U; // 1 for 10 and more
    x += 0x3030303030303030U + letters * ('a' - '0' - 10);
    return std::endian::native == std::endian::little ? __builtin_bswap64(x) : x;
}

// Writes 16 digits, the most significant first.
void write_hex(std::uint64_t value, char *out) noexcept {
    std::array const digits{hex_digits(static_cast<std::uint32_t>(value >> 32U)),
                            hex_digits(static_cast<std::uint32_t>(value))};
    std::memcpy(out, digits.data(), sizeof digits);
}

} // namespace

std::optional<trace_id> parse_traceparent(std::string_view value) noexcept {
    constexpr std::size_t version_00_size = 55; // version "-" trace-id "-" parent-id "-" flags
    if (value.size() < version_00_size || value[2] != '-' || value[35] != '-' || value[52] != '-') return std::nullopt;
    auto const version = value.substr(0, 2);
    auto const trace = value.substr(3, 32);
    auto const parent = value.substr(36, 16);
    auto const flags = value.substr(53, 2);
    if (!is_lower_hex(version) || !is_lower_hex(trace) || !is_lower_hex(parent) || !is_lower_hex(flags))
        return std::nullopt;
    if (version == "ff" || is_zero(trace) || is_zero(parent)) return std::nullopt;
    if (value.size() > version_00_size && (version == "00" || value[version_00_size] != '-')) return std::nullopt;
    trace_id id;
    std::copy(trace.begin(), trace.end(), id.hex.begin());
    return id;
}

bool is_sane_request_id(std::string_view id) noexcept {
    auto const is_plain = [](char c) {
        return c > ' ' && c < 0x7F && std::string_view("\"\\,;=").find(c) == std::string_view::npos;
    };
    return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), is_plain);
}

id_source::id_source() {
    // Not std::random_device: it asks the CPU what it can do, which takes long in a virtual machine.
    if (::getentropy(state_.data(), sizeof state_) != 0)
        throw std::runtime_error("the system has no random numbers for the ids of requests");
    state_[0] |= 1; // never all zero: the generator would stay there
}

std::array<char, 16> id_source::request_id() noexcept {
    std::array<char, 16> id;
    write_hex(next(), id.data());
    return id;
}

trace_id id_source::trace() noexcept {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    while ((high | low) == 0) {
        high = next();
        low = next();
    }
    trace_id id;
    write_hex(high, id.hex.data());
    write_hex(low, id.hex.data() + 16);
    return id;
}

// xoshiro256** 1.0 of David Blackman and Sebastiano Vigna (https://prng.di.unimi.it).
std::uint64_t id_source::next() noexcept {
    auto &s = state_;
    auto const result = std::rotl(s[1] * 5, 7) * 9;
    auto const shifted = s[1] << 17U;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = std::rotl(s[3], 45);
    return result;
}

} // namespace phial
