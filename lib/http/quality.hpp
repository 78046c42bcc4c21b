// Weights in negotiation fields (RFC 9110 12.4.2).
#pragma once

#include <optional>
#include <string_view>

namespace phial {

/// The value of `q`, in thousandths; nothing if it is malformed. Clients also leave out the zero before the point
/// (".9"; the JDK sends ".2" by default) and send more digits. More digits are dropped, but a value above zero does not
/// become zero, which would mean "not acceptable".
[[nodiscard]] std::optional<int> parse_quality(std::string_view s) noexcept;

} // namespace phial
