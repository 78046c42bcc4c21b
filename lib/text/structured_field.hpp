// Dictionaries of structured fields (RFC 8941).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// A member of a dictionary. `bytes` is its value if that is a byte sequence; the grammar of other values and of
/// parameters is checked, but they are dropped.
struct dictionary_member {
    std::string key;
    std::optional<std::string> bytes;
};

/// Parses a dictionary (RFC 8941 3.2, 4.2.2); several field lines are joined by commas before. Of equal keys the last
/// one is kept. Nothing when it is malformed.
[[nodiscard]] std::optional<std::vector<dictionary_member>> parse_dictionary(std::string_view text);

} // namespace phial
