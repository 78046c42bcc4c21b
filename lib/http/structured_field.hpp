// Dictionaries of structured fields (RFC 8941).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// A member of a dictionary. `bytes` is its value when that is a byte sequence; other values, and parameters, are
/// checked for their grammar and dropped.
struct dictionary_member {
    std::string key;
    std::optional<std::string> bytes;
};

/// Reads a dictionary (RFC 8941 3.2, 4.2.2), lines of several joined by commas. Of equal keys the last one counts.
/// Nothing when it is malformed.
[[nodiscard]] std::optional<std::vector<dictionary_member>> parse_dictionary(std::string_view text);

} // namespace phial
