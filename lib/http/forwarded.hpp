// Who the client is, behind proxies that are trusted to say so (Forwarded, RFC 7239; X-Forwarded-For).
#pragma once

#include "phial/http/fields.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace phial {

/// Networks of addresses (CIDR, RFC 4632 3.1 and RFC 4291 2.3). An IPv4-mapped IPv6 address (::ffff:10.0.0.1, the peer
/// of a socket that serves both) is in IPv4 networks, and no IPv4 address is in an IPv6 network.
class networks {
  public:
    /// None.
    networks() = default;

    /// Reads a list: "10.0.0.0/8, fd00::/8, 127.0.0.1". An address alone is a network of one; a list that is empty has
    /// none. Throws std::invalid_argument that names the first item which is no network, and says why. An address
    /// with bits behind its prefix ("10.0.0.1/8") is none: it is not clear which of the two is wrong.
    explicit networks(std::string_view list);

    /// Whether the address is in one of them. An IPv6 zone does not matter.
    [[nodiscard]] bool contains(boost::asio::ip::address const &address) const noexcept;

    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }

  private:
    // The bits of an IPv6 address; an IPv4 address is mapped.
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

/// An IPv4-mapped IPv6 address as the IPv4 address that it is, any other as it is.
[[nodiscard]] boost::asio::ip::address unmapped(boost::asio::ip::address const &address) noexcept;

/// The address of the client that a request came from: the peer, unless that is trusted. Then its header fields are
/// asked, from the right, who stood before it, and so on: the first address that is not trusted is the client, and what
/// stands left of it is not looked at, since the client may have written it. Where that ends early (nothing more is
/// said, a hop is malformed, "unknown" or obfuscated, 32 hops are passed) it is the last address before.
///
/// Forwarded is asked when it is there, else X-Forwarded-For. A proxy that writes one of them lets pass what the client
/// put into the other: where both are there and do not agree, neither is believed, and it is the peer.
///
/// An IPv4-mapped address is returned as the IPv4 address. Allocates nothing.
[[nodiscard]] boost::asio::ip::address client_of(boost::asio::ip::address const &peer, fields_view fields,
                                                 networks const &trusted) noexcept;

} // namespace phial
