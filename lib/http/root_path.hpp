// The path under which a proxy publishes a service that is not at the root of its host: "/api".
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace phial {

/// Bytes of the longest root path.
inline constexpr std::size_t longest_root_path = 256;

/// A root path as it is put before the paths of URLs: without the slash at its end, so "/api/" is "/api", and "/" is
/// empty. Nothing when `text` is not one: it begins with one slash and is the path of a URI (RFC 3986 3.3), with its
/// percent-encoding kept, without empty segments and without the segments `.` and `..`, encoded or not. So what begins
/// with it is never the URL of another host.
[[nodiscard]] std::optional<std::string_view> read_root_path(std::string_view text) noexcept;

} // namespace phial
