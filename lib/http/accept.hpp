// Proactive negotiation: what the client prefers among the media types we offer (RFC 9110 12.5.1).
#pragma once

#include <initializer_list>
#include <string_view>

namespace phial {

/// How much an Accept value prefers a media type.
struct preference {
    int quality = 0;    // in thousandths; 0: not acceptable
    bool exact = false; // a range names exactly this type, without an asterisk
};

/// The quality of the most specific range of `accept` that matches `type` ("text/html"). An empty value (no Accept
/// field) accepts everything. A malformed range is ignored.
[[nodiscard]] preference accept_preference(std::string_view accept, std::string_view type) noexcept;

/// The offer with the highest quality; of equals the first, also if no offer is acceptable. `offers` must not be empty;
/// the result is one of them.
[[nodiscard]] std::string_view best_offer(std::string_view accept,
                                          std::initializer_list<std::string_view> offers) noexcept;

} // namespace phial
