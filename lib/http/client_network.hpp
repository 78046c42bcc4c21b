// What counts as one client: an IPv4 address or an IPv6 network.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <compare>
#include <cstdint>
#include <string>

namespace phial {

/// An IPv4 address, or the first 64 bits of an IPv6 address: a client that has one address of such a network has all of
/// them. An IPv4-mapped IPv6 address is stored as the IPv4 address. A value.
class client_network {
  public:
    client_network() = default; // 0.0.0.0: no client
    explicit client_network(boost::asio::ip::address const &address) noexcept;

    /// "192.0.2.1", "2001:db8:0:1::/64".
    [[nodiscard]] std::string to_string() const;

    friend auto operator<=>(client_network const &, client_network const &) = default;

  private:
    bool is_v6_ = false;
    std::uint64_t bits_ = 0;
};

} // namespace phial
