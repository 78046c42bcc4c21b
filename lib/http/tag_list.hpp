// Entity tags in If-Match and If-None-Match, compared (RFC 9110 8.8.3).
#pragma once

#include <optional>
#include <string_view>

namespace phial {

/// RFC 9110 8.8.3.2: weakly, `W/"a"` is equal to `"a"`; strongly, it is equal to nothing.
enum class tag_comparison { weakly, strongly };

/// Whether both are the same tag, coding included.
[[nodiscard]] bool are_equal_tags(std::string_view a, std::string_view b, tag_comparison how) noexcept;

/// The tag in a list that names the same version as `tag`, which has its quotes and may be empty: nothing exists then.
/// The view is of `list`, or of `tag` if they are equal or the list is `*`; nothing if there is none. What follows a
/// malformed tag is not looked at.
///
/// A content coding is no other version. The coded representation of what has the tag `"abc"` has `"abc-gzip"` (or
/// -br, -zstd), or `"abc-gzip.x"` when the same content may be coded in several ways; x is hexadecimal digits and dots.
/// A client may have received any of them, so they are taken for the same here.
/// `accepted`: a value of Accept-Encoding, for If-None-Match of GET. Only codings that it accepts are found then: a
/// cache asks with the tags of all that it has stored, and the 304 selects one of them for a client that may not read
/// it.
[[nodiscard]] std::optional<std::string_view>
find_tag(std::string_view list, std::string_view tag, tag_comparison how,
         std::optional<std::string_view> accepted = std::nullopt) noexcept;

} // namespace phial
