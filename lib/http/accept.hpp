// Proactive negotiation: what the client prefers among what we have (RFC 9110 12.5.1).
#pragma once

#include <initializer_list>
#include <string_view>

namespace phial {

/// How much an Accept value wants a media type.
struct preference {
    int quality = 0;      // in thousandths; 0: not wanted
    bool by_name = false; // a range names exactly this type, no asterisk
};

/// The quality of the most specific range of `accept` that matches `type` ("text/html"). An empty value (no Accept
/// field) accepts everything. A range that cannot be read is passed over.
[[nodiscard]] preference accept_preference(std::string_view accept, std::string_view type) noexcept;

/// The offer with the highest quality; among equals the first, also when nothing is acceptable. `offers` must not be
/// empty; the result is one of them.
[[nodiscard]] std::string_view best_offer(std::string_view accept,
                                          std::initializer_list<std::string_view> offers) noexcept;

} // namespace phial
