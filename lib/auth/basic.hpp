// Credentials of the Basic scheme (RFC 7617).
#pragma once

#include "phial/text/wiped_text.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace phial {

struct credentials {
    std::string user;
    wiped_text password;
};

/// The text after the scheme (in any case) and spaces in the value of an Authorization field; empty when the scheme is
/// not Basic or nothing follows it. It is not decoded. For one user and password, parse_basic accepts exactly one such
/// text, because the base64 must be canonical.
[[nodiscard]] std::optional<std::string_view> encoded_basic(std::string_view authorization) noexcept;

/// Reads the value of an Authorization field: the scheme in any case, spaces, canonical base64 (the alphabet only,
/// correct padding), split at the first colon. Nothing for everything else. The only copy of the password that stays in
/// memory is the one returned.
[[nodiscard]] std::optional<credentials> parse_basic(std::string_view authorization);

/// Whether two secrets are equal. The time does not depend on where they differ.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

} // namespace phial
