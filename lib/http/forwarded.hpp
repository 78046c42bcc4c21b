// What trusted proxies say of a request: its client, and the URL that the client has asked for (Forwarded, RFC 7239;
// the X-Forwarded fields).
#pragma once

#include "phial/http/fields.hpp"
#include "phial/http/networks.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace phial {

/// What a proxy may say.
enum class forwarded_part : std::uint8_t { client, scheme, host, port, prefix };

/// Parts that are used. A proxy may pass on from the client what it does not set itself, so each is named.
class forwarded_parts {
  public:
    /// The client only.
    forwarded_parts() = default;
    /// "for, proto, host, port, prefix", or some of them; an empty list has none. Throws std::invalid_argument, whose
    /// text names the first that is none of these.
    explicit forwarded_parts(std::string_view list);

    [[nodiscard]] bool has(forwarded_part part) const noexcept { return (bits_ & bit(part)) != 0; }

  private:
    [[nodiscard]] static constexpr unsigned bit(forwarded_part part) noexcept {
        return 1U << static_cast<unsigned>(part);
    }

    unsigned bits_ = bit(forwarded_part::client);
};

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

/// What a trusted peer says of another part than the client; nothing when it says nothing, or when that is malformed:
///
///  * scheme: "http" or "https", of Forwarded's `proto` or of X-Forwarded-Proto;
///  * host: a valid Host, of Forwarded's `host` or of X-Forwarded-Host;
///  * port: 1 to 65535, of X-Forwarded-Port;
///  * prefix: what read_root_path gives, of X-Forwarded-Prefix.
///
/// When a field has several elements, each proxy has added one: the outermost trusted proxy's counts. `chained` are the
/// trusted networks, by which client_of() finds it; null: only the peer's own element, the last, is used. When there
/// are fewer elements than trusted proxies, the first one is used: that proxy has replaced what came. Malformed means
/// that nothing is said; no other element is used. When Forwarded and the X-Forwarded field disagree, neither is used.
///
/// The view points into `fields`, or to a literal. Allocates nothing.
[[nodiscard]] std::optional<std::string_view> forwarded_value(forwarded_part part, fields_view fields,
                                                              networks const *chained) noexcept;

} // namespace phial
