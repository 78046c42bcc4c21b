#include "phial/http/networks.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/number.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <stdexcept>

namespace phial {
namespace {

namespace ip = boost::asio::ip;

// A mask of the first `n` of 64 bits.
std::uint64_t first_bits(std::int64_t n) noexcept {
    if (n <= 0) return 0;
    return n >= 64 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} >> n);
}

} // namespace

// Uses inet_pton: Asio's make_address would look up the zone among the machine's interfaces.
std::optional<ip::address> parse_address(std::string_view text) noexcept {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size() || text.find('\0') != text.npos) return std::nullopt;
    std::copy(text.begin(), text.end(), terminated.begin());
    ip::address_v4::bytes_type v4;
    if (inet_pton(AF_INET, terminated.data(), v4.data()) == 1) return ip::address_v4(v4);
    ip::address_v6::bytes_type v6;
    if (inet_pton(AF_INET6, terminated.data(), v6.data()) == 1) return ip::address_v6(v6);
    return std::nullopt;
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
    auto const number = parse_digits(text);
    if (!number || *number > 65535 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

ip::address unmapped(ip::address const &address) noexcept {
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

networks::networks(std::string_view list) {
    for_each_part(list, [this](std::string_view one) { all_.push_back(read(one)); });
}

bool networks::contains(ip::address const &address) const noexcept {
    if (all_.empty()) return false;
    auto const b = bits_of(address);
    return std::any_of(all_.begin(), all_.end(), [b](network const &n) {
        auto const differing = ((b.high ^ n.prefix.high) & n.mask.high) | ((b.low ^ n.prefix.low) & n.mask.low);
        return differing == 0 && is_v4(b) == is_v4(n.prefix);
    });
}

networks::bits networks::bits_of(ip::address const &address) noexcept {
    if (address.is_v4()) return {0, std::uint64_t{0xFFFF} << 32U | address.to_v4().to_uint()};
    bits b{};
    auto const bytes = address.to_v6().to_bytes();
    for (std::size_t i = 0; i < 8; ++i) {
        b.high = b.high << 8U | bytes[i];
        b.low = b.low << 8U | bytes[i + 8];
    }
    return b;
}

bool networks::is_v4(bits b) noexcept { return b.high == 0 && b.low >> 32U == 0xFFFF; }

networks::network networks::read(std::string_view item) {
    auto const slash = item.find('/');
    auto const address = parse_address(item.substr(0, slash));
    if (!address)
        throw std::invalid_argument(
            concat("'", item, "' is not an IPv4 or IPv6 address, or a network like 10.0.0.0/8"));
    std::int64_t const most = address->is_v4() ? 32 : 128;
    auto length = most;
    if (slash != item.npos) {
        auto const given = parse_digits(item.substr(slash + 1));
        if (!given || *given > most)
            throw std::invalid_argument(concat("'", item, "' needs a number from 0 to ", most, " after the slash"));
        length = *given;
    }
    auto const prefix = bits_of(*address);
    auto const fixed = length + 128 - most; // an IPv4 address is the last 32 bits of a mapped one
    bits const mask{first_bits(fixed), first_bits(fixed - 64)};
    if (((prefix.high & ~mask.high) | (prefix.low & ~mask.low)) != 0)
        throw std::invalid_argument(concat("'", item, "' has bits set after its first ", length,
                                           ": give the network's address, or the address without a slash"));
    return {prefix, mask};
}

} // namespace phial
