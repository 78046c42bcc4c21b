// The address of a client that uses trusted proxies (Forwarded, RFC 7239; X-Forwarded-For).
#pragma once

#include "phial/http/fields.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace phial {

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

/// The address of the client that sent a request: the peer, unless the peer is trusted. Then the header fields are read
/// from the right, one hop after the other: the first address that is not trusted is the client. Addresses to the left
/// of it are ignored, since the client may have written them. If this ends early (no further element, a hop that is
/// malformed, "unknown" or obfuscated, more than 32 hops), the client is the last address before.
///
/// Forwarded is used if it is present, else X-Forwarded-For. A proxy that writes one of them passes on what the client
/// has put into the other. If both are present and do not agree, neither is trusted: the result is the peer.
///
/// An IPv4-mapped address is returned as the IPv4 address. Allocates nothing.
[[nodiscard]] boost::asio::ip::address client_of(boost::asio::ip::address const &peer, fields_view fields,
                                                 networks const &trusted) noexcept;

} // namespace phial
