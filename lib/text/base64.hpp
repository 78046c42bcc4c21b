// Base64, strictly (RFC 4648 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// The bytes that `text` stands for; nothing unless it is just what those bytes encode to: the alphabet only, right
/// padding, no stray bits. At most 8 KiB of text.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

/// The same for what nobody else shall find in memory: the bytes are in `out` alone, which the caller wipes.
[[nodiscard]] bool decode_base64(std::string_view text, std::string &out);

} // namespace phial
