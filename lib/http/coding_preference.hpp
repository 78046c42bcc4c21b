// Which content codings a client accepts (RFC 9110 12.5.3).
#pragma once

#include <optional>
#include <string_view>

namespace phial {

/// The weight of a coding ("gzip", "br", "zstd", "identity") in a value of Accept-Encoding, in thousandths; 0: not
/// acceptable. Nothing when the value does not say anything about it, not even by an asterisk: a coding is not
/// acceptable then, and identity is. A malformed element is ignored; x-gzip is gzip.
[[nodiscard]] std::optional<int> coding_quality(std::string_view accept_encoding, std::string_view coding) noexcept;

/// Whether the client rather has the content in this coding than as it is.
[[nodiscard]] bool prefers_coding(std::string_view accept_encoding, std::string_view coding) noexcept;

} // namespace phial
