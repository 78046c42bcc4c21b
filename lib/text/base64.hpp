// Base64, strictly (RFC 4648 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// The bytes that `text` encodes; nothing unless these bytes encode to exactly this text: the alphabet only, correct
/// padding, no stray bits. At most 8 KiB of text.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

/// The same for secrets: no copy of the bytes is made except in `out`, which the caller wipes.
[[nodiscard]] bool decode_base64(std::string_view text, std::string &out);

/// The Base64 text of the bytes, with padding.
[[nodiscard]] std::string encode_base64(std::string_view bytes);

} // namespace phial
