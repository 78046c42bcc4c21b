// Credentials of the Basic scheme (RFC 7617).
#pragma once

#include "phial/auth/wiped_text.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace phial {

struct credentials {
    std::string user;
    wiped_text password;
};

/// Reads the value of an Authorization field: the scheme without case, spaces, canonical base64 (nothing outside the
/// alphabet, right padding), split at the first colon. Nothing for everything else. No copy of the password
/// stays in memory but the one that is returned.
[[nodiscard]] std::optional<credentials> parse_basic(std::string_view authorization);

/// Whether two secrets are the same, in a time that tells nothing of where they differ.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

} // namespace phial
