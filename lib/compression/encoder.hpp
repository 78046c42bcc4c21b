// Content codings (RFC 9110 8.4.1): bytes go in, fewer come out.
#pragma once

#include "phial/http/coding_preference.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace phial {

enum class coding : std::uint8_t { gzip, brotli, zstd }; // in the order of known_codings

/// As in Content-Encoding: "gzip", "br", "zstd".
[[nodiscard]] constexpr std::string_view to_string(coding c) noexcept {
    return known_codings[static_cast<std::size_t>(c)];
}

/// One content that is encoded. Used by one thread at a time.
class encoder {
  public:
    /// How a call ends.
    enum class then : std::uint8_t {
        more,  // what comes out later may hold what went in now
        flush, // all that went in can be decoded from what has come out
        end    // the last call
    };

    virtual ~encoder() = default;

    /// Appends what comes out to `out`. Throws std::bad_alloc.
    virtual void encode(std::string_view in, then next, std::string &out) = 0;

    /// Bytes that it needs besides `out`, about.
    [[nodiscard]] virtual std::size_t memory() const noexcept = 0;
};

/// `size`: of the content, if it is known and small, as that saves memory. Throws std::bad_alloc.
[[nodiscard]] std::unique_ptr<encoder> make_encoder(coding c, std::size_t size = SIZE_MAX);

} // namespace phial
