// Which content codings a client accepts (RFC 9110 12.5.3).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace phial {

/// The weight of a coding ("gzip", "br", "zstd", "identity") in a value of Accept-Encoding, in thousandths; 0: not
/// acceptable. Nothing when the value does not say anything about it, not even by an asterisk: a coding is not
/// acceptable then, and identity is. A malformed element is ignored; x-gzip is gzip.
[[nodiscard]] std::optional<int> coding_quality(std::string_view accept_encoding, std::string_view coding) noexcept;

/// The codings that phial can use: their names in Content-Encoding, in entity tags and in Accept-Encoding.
inline constexpr std::array<std::string_view, 3> known_codings{"gzip", "br", "zstd"};

/// Those of `offers` that the client rather has than the content as it is: the highest weight first, and of equal
/// weights the one that is offered first.
[[nodiscard]] std::vector<std::string_view> wanted_codings(std::string_view accept_encoding,
                                                           std::span<std::string_view const> offers);

} // namespace phial
