// SipHash-2-4 with 128 bits of output, a keyed hash for short messages (Aumasson and Bernstein, 2012).
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace phial {

/// A pseudorandom function: without the key, its results cannot be distinguished from random numbers, and two messages
/// with the same result cannot be found. One object hashes one message. Little-endian machines only.
class siphash {
    static_assert(std::endian::native == std::endian::little);

  public:
    using key = std::array<std::uint64_t, 2>;
    using digest = std::array<std::uint64_t, 2>;

    explicit siphash(key const &k) noexcept
        : v0_(k[0] ^ 0x736F'6D65'7073'6575),
          v1_(k[1] ^ 0x646F'7261'6E64'6F83),
          v2_(k[0] ^ 0x6C79'6765'6E65'7261),
          v3_(k[1] ^ 0x7465'6462'7974'6573) {}

    /// The next eight bytes of the message.
    void add(std::uint64_t word) noexcept {
        length_ += sizeof word;
        mix(word);
    }

    /// Ends the message with its last bytes, fewer than eight.
    [[nodiscard]] digest finish(std::string_view rest = {}) noexcept {
        mix(last_word(rest) | (length_ + rest.size()) << 56);
        v2_ ^= 0xEE;
        for (int i = 0; i < 4; ++i) round();
        auto const first = v0_ ^ v1_ ^ v2_ ^ v3_;
        v1_ ^= 0xDD;
        for (int i = 0; i < 4; ++i) round();
        return {first, v0_ ^ v1_ ^ v2_ ^ v3_};
    }

    /// Up to eight bytes as a word, with zeros after them.
    [[nodiscard]] static std::uint64_t last_word(std::string_view bytes) noexcept {
        std::uint64_t word = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << 8 * i;
        return word;
    }

  private:
    void mix(std::uint64_t word) noexcept {
        v3_ ^= word;
        round();
        round();
        v0_ ^= word;
    }
    void round() noexcept {
        v0_ += v1_;
        v2_ += v3_;
        v1_ = std::rotl(v1_, 13) ^ v0_;
        v3_ = std::rotl(v3_, 16) ^ v2_;
        v0_ = std::rotl(v0_, 32);
        v2_ += v1_;
        v0_ += v3_;
        v1_ = std::rotl(v1_, 17) ^ v2_;
        v3_ = std::rotl(v3_, 21) ^ v0_;
        v2_ = std::rotl(v2_, 32);
    }

    std::uint64_t v0_;
    std::uint64_t v1_;
    std::uint64_t v2_;
    std::uint64_t v3_;
    std::uint64_t length_ = 0;
};

} // namespace phial
