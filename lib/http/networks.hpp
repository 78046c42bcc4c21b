// IP addresses and ports as text, and networks of addresses.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace phial {

/// An IPv4 or IPv6 address without a zone; nothing for any other text.
[[nodiscard]] std::optional<boost::asio::ip::address> parse_address(std::string_view text) noexcept;

/// A number from 0 to 65535 without leading zeros; nothing for any other text.
[[nodiscard]] std::optional<std::uint16_t> parse_port(std::string_view text) noexcept;

/// Networks of addresses (CIDR, RFC 4632 3.1 and RFC 4291 2.3). An IPv4-mapped IPv6 address (::ffff:10.0.0.1, the peer
/// of a socket that serves both) is in IPv4 networks. No IPv4 address is in an IPv6 network.
class networks {
  public:
    /// No networks.
    networks() = default;

    /// Parses a list: "10.0.0.0/8, fd00::/8, 127.0.0.1". An address without a slash is a network of one address; an
    /// empty list has no networks. Throws std::invalid_argument, which names the first malformed item and says what is
    /// wrong. An address with bits set after its prefix ("10.0.0.1/8") is an error: it is not clear which of the two is
    /// wrong.
    explicit networks(std::string_view list);

    /// Whether the address is in one of the networks. An IPv6 zone is ignored.
    [[nodiscard]] bool contains(boost::asio::ip::address const &address) const noexcept;

    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }

  private:
    // The bits of an IPv6 address; an IPv4 address is stored as mapped.
    struct bits {
        std::uint64_t high;
        std::uint64_t low;
    };
    struct network {
        bits prefix;
        bits mask;
    };

    [[nodiscard]] static bits bits_of(boost::asio::ip::address const &address) noexcept;
    [[nodiscard]] static bool is_v4(bits b) noexcept;
    [[nodiscard]] static network read(std::string_view item);

    std::vector<network> all_;
};

/// An IPv4-mapped IPv6 address as its IPv4 address; any other address unchanged.
[[nodiscard]] boost::asio::ip::address unmapped(boost::asio::ip::address const &address) noexcept;

} // namespace phial
