#include "phial/server/proxy_header.hpp"

#include "phial/http/networks.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/number.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace phial {
namespace {

using namespace std::string_view_literals;
namespace ip = boost::asio::ip;
using result = proxy_header::result;

constexpr auto signature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr auto first_word = "PROXY "sv;
constexpr std::size_t longest_line = 107; // with CR LF

// Of two texts, the shorter is the beginning of the other one.
bool agree(std::string_view a, std::string_view b) noexcept {
    auto const n = std::min(a.size(), b.size());
    return a.substr(0, n) == b.substr(0, n);
}

std::string_view take_word(std::string_view &line) noexcept {
    auto const end = std::min(line.find(' '), line.size());
    auto const word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

// The line after "PROXY ": "TCP4 192.0.2.1 198.51.100.1 56324 443", or "UNKNOWN", whatever follows it.
proxy_header read_line(std::string_view line, std::size_t size) noexcept {
    auto const family = line.substr(0, line.find(' '));
    if (family == "UNKNOWN") return {result::complete, size};
    if (std::ranges::count(line, ' ') != 4) return {};
    take_word(line);
    auto const source = parse_address(take_word(line));
    auto const destination = parse_address(take_word(line));
    auto const source_port = parse_port(take_word(line));
    auto const destination_port = parse_port(line);
    if (!source || !destination || !source_port || !destination_port) return {};
    bool const fits = family == "TCP4"   ? source->is_v4() && destination->is_v4()
                      : family == "TCP6" ? source->is_v6() && destination->is_v6()
                                         : false;
    return fits ? proxy_header{result::complete, size, unmapped(*source)} : proxy_header{};
}

proxy_header read_version_1(std::string_view bytes) noexcept {
    auto const line = bytes.substr(0, longest_line);
    auto const end = line.find_first_of("\r\n");
    if (end == line.npos) return {line.size() == longest_line ? result::malformed : result::need_more};
    if (!agree(line.substr(end), "\r\n") || end + 2 > longest_line) return {};
    if (line.size() < end + 2) return {result::need_more};
    return read_line(line.substr(first_word.size(), end - first_word.size()), end + 2);
}

unsigned byte_at(std::string_view bytes, std::size_t i) noexcept { return static_cast<unsigned char>(bytes[i]); }

template <class Address>
ip::address address_in(std::string_view bytes) noexcept {
    typename Address::bytes_type raw;
    std::copy_n(bytes.begin(), raw.size(), raw.begin());
    return Address(raw);
}

// Addresses and ports, then TLVs. A family or a transport that is not specified (0) means nothing; also a client that
// came by datagrams (2: HTTP/3) has an address.
proxy_header read_addresses(std::string_view content, unsigned family, unsigned transport, std::size_t size) noexcept {
    constexpr std::array<std::size_t, 4> sizes{0, 12, 36, 216}; // UNSPEC, IPv4, IPv6, UNIX
    constexpr unsigned last_transport = 2;
    if (family >= sizes.size() || transport > last_transport) return {};
    if (family == 0 || transport == 0) return {result::complete, size};
    if (content.size() < sizes[family]) return {};
    if (family == 1) return {result::complete, size, address_in<ip::address_v4>(content)};
    if (family == 2) return {result::complete, size, unmapped(address_in<ip::address_v6>(content))};
    return {result::complete, size};
}

proxy_header read_version_2(std::string_view bytes) noexcept {
    constexpr std::size_t fixed = 16;
    constexpr unsigned local = 0x20; // version 2 and the command
    constexpr unsigned proxied = 0x21;
    if (bytes.size() <= signature.size()) return {result::need_more};
    auto const command = byte_at(bytes, signature.size());
    if (command != local && command != proxied) return {};
    if (bytes.size() < fixed) return {result::need_more};
    auto const size = fixed + (byte_at(bytes, 14) << 8U | byte_at(bytes, 15));
    if (size > longest_proxy_header) return {};
    if (bytes.size() < size) return {result::need_more};
    if (command == local) return {result::complete, size};
    auto const family = byte_at(bytes, 13);
    return read_addresses(bytes.substr(fixed, size - fixed), family >> 4U, family & 0xFU, size);
}

} // namespace

proxy_header read_proxy_header(std::string_view bytes) noexcept {
    if (agree(bytes, first_word))
        return bytes.size() < first_word.size() ? proxy_header{result::need_more} : read_version_1(bytes);
    if (agree(bytes, signature)) return read_version_2(bytes);
    return {};
}

} // namespace phial
