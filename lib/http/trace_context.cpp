// Parses traceparent, and makes ids from the numbers of xoshiro256**.
#include "phial/http/trace_context.hpp"

#include "phial/text/ascii.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>

namespace phial {
namespace {

bool is_lower_hex(std::string_view s) noexcept {
    return std::all_of(s.begin(), s.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view digits) noexcept { return digits.find_first_not_of('0') == digits.npos; }

// The two digits of each byte.
constexpr auto hex_pairs = [] {
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t byte = 0; byte < pairs.size(); ++byte) pairs[byte] = {lower_hex[byte >> 4], lower_hex[byte & 15]};
    return pairs;
}();

// Writes 16 digits, the most significant first.
void write_hex(std::uint64_t value, char *out) noexcept {
    for (int shift = 56; shift >= 0; shift -= 8, out += 2) std::memcpy(out, hex_pairs[value >> shift & 0xFF].data(), 2);
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
    std::random_device system;
    for (auto &word : state_) word = std::uint64_t{system()} << 32U | system();
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
