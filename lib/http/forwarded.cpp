#include "phial/http/forwarded.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/number.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <optional>
#include <ranges>
#include <stdexcept>

namespace phial {
namespace {

namespace ip = boost::asio::ip;

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

// A mask of the first `n` of 64 bits.
std::uint64_t first_bits(std::int64_t n) noexcept {
    if (n <= 0) return 0;
    return n >= 64 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} >> n);
}

bool take(std::string_view &s, char c) noexcept {
    if (!s.starts_with(c)) return false;
    s.remove_prefix(1);
    return true;
}

// Where the quoted string that `s` ends in begins: its opening quote, or 0. A quote after an odd number of backslashes
// is part of the string.
std::size_t opening_quote(std::string_view s) noexcept {
    for (auto quote = s.rfind('"'); quote != s.npos; quote = s.substr(0, quote).rfind('"')) {
        auto const prefix = s.substr(0, quote);
        auto const backslashes = quote - (prefix.find_last_not_of('\\') + 1); // npos + 1 is 0
        if (backslashes % 2 == 0) return quote;
    }
    return 0;
}

// Removes the last element of a list. It is searched from the right, so that a quote which the client left open does
// not hide the elements that proxies have added.
std::string_view take_last(std::string_view &list) noexcept {
    auto begin = list.size();
    while (begin > 0 && list[begin - 1] != ',') {
        --begin;
        if (list[begin] == '"') begin = opening_quote(list.substr(0, begin));
    }
    auto const element = list.substr(begin);
    list = list.substr(0, std::max<std::size_t>(begin, 1) - 1);
    return trim(element);
}

// The text between the quotes; escapes are not decoded.
std::optional<std::string_view> take_quoted(std::string_view &s) noexcept {
    for (std::size_t i = 1; i < s.size(); ++i) {
        if (s[i] == '\\') {
            ++i;
        } else if (s[i] == '"') {
            auto const inside = s.substr(1, i - 1);
            s.remove_prefix(i + 1);
            return inside;
        }
    }
    return std::nullopt;
}

// The node in the parameter `for` of an element of Forwarded (RFC 7239 4); nothing when it is absent or malformed.
// White space around the semicolons is not in the grammar, but is used.
std::optional<std::string_view> node_of(std::string_view element) noexcept {
    std::optional<std::string_view> node;
    for (element = trim(element); !element.empty(); element = trim(element)) {
        if (take(element, ';')) continue;
        auto const name = take_token(element);
        if (name.empty() || !take(element, '=')) return std::nullopt;
        auto const value = element.starts_with('"') ? take_quoted(element) : take_token(element);
        element = trim(element);
        if (!value || !(element.empty() || element.front() == ';')) return std::nullopt;
        if (!iequals(name, "for")) continue;
        if (node) return std::nullopt;
        node = value;
    }
    return node;
}

// RFC 7239 6.2 and 6.3: 1*5DIGIT, or obfuscated.
bool is_port(std::string_view s) noexcept {
    auto const obfuscated = [](char c) { return is_digit(c) || is_alpha(c) || c == '.' || c == '_' || c == '-'; };
    if (s.starts_with('_')) return s.size() > 1 && std::all_of(s.begin(), s.end(), obfuscated);
    return !s.empty() && s.size() <= 5 && std::all_of(s.begin(), s.end(), is_digit);
}

// The address of a node, with or without a port: IPv4, or IPv6 in brackets. X-Forwarded-For also has IPv6 without
// brackets.
std::optional<ip::address> address_of(std::string_view node) noexcept {
    if (auto const alone = parse_address(node)) return alone;
    bool const bracketed = take(node, '[');
    auto const end = node.find(bracketed ? ']' : ':');
    if (end == node.npos) return std::nullopt;
    auto address = parse_address(node.substr(0, end));
    if (!address || address->is_v6() != bracketed) return std::nullopt;
    auto rest = node.substr(end + (bracketed ? 1 : 0));
    if (!rest.empty() && !(take(rest, ':') && is_port(rest))) return std::nullopt;
    return address;
}

constexpr std::string_view standard = "Forwarded";
constexpr std::string_view older = "X-Forwarded-For";

// The client according to the fields of one name; `nearest` when they say nothing.
ip::address walk(ip::address nearest, fields_view fields, std::string_view name, networks const &trusted) noexcept {
    int hops = 32;
    for (auto const &line : std::views::reverse(fields)) {
        if (!iequals(line.name, name)) continue;
        for (auto list = line.value; !list.empty();) {
            if (hops-- == 0) return nearest;
            auto const element = take_last(list);
            if (element.empty()) continue; // a list may have empty elements (RFC 9110 5.6.1)
            auto const node = name == standard ? node_of(element) : element;
            auto const address = node ? address_of(*node) : std::nullopt;
            if (!address) return nearest;
            nearest = unmapped(*address);
            if (!trusted.contains(nearest)) return nearest;
        }
    }
    return nearest;
}

} // namespace

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

ip::address client_of(ip::address const &peer, fields_view fields, networks const &trusted) noexcept {
    auto nearest = unmapped(peer);
    if (!trusted.contains(peer)) return nearest;
    auto standard_client = walk(nearest, fields, standard, trusted);
    auto older_client = walk(nearest, fields, older, trusted);
    if (standard_client == older_client || !fields.find(older)) return standard_client;
    return fields.find(standard) ? nearest : older_client;
}

} // namespace phial
