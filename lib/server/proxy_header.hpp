// The header of the PROXY protocol, versions 1 and 2, with which a proxy begins a connection and names its client
// (HAProxy, doc/proxy-protocol.txt). Private to the server.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace phial {

/// Bytes of the longest header that is accepted. One of version 1 has at most 107; one of version 2 may have more than
/// addresses (TLVs), which are skipped.
inline constexpr std::size_t longest_proxy_header = 4096;

/// What the beginning of a connection is. A value.
struct proxy_header {
    enum class result { need_more, complete, malformed };

    result found = result::malformed;
    std::size_t size = 0; // when complete: what follows belongs to the client
    /// Nothing: the proxy speaks for itself (LOCAL), or its client has no IP address (UNKNOWN, UNSPEC, UNIX): the peer
    /// of the connection is used.
    std::optional<boost::asio::ip::address> client = {};
};

/// Reads the header at the beginning of `bytes`. It is malformed as soon as no further bytes can make it right.
[[nodiscard]] proxy_header read_proxy_header(std::string_view bytes) noexcept;

} // namespace phial
