// Decodes Basic credentials with OpenSSL.
#include "auth/basic_credentials.hpp"

#include "http/ascii.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

namespace phial {
namespace {

// EVP_DecodeBlock takes white space and stray padding; only what encodes back to the same text is accepted.
std::optional<std::string> decode_base64(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0 || text.size() > 8192) return std::nullopt;
    auto const *in = reinterpret_cast<unsigned char const *>(text.data());
    std::string decoded(text.size() / 4 * 3, '\0');
    auto *out = reinterpret_cast<unsigned char *>(decoded.data());
    if (EVP_DecodeBlock(out, in, static_cast<int>(text.size())) < 0) return std::nullopt;
    if (text.ends_with('=')) decoded.pop_back();
    if (text.ends_with("==")) decoded.pop_back();
    std::string again(text.size() + 1, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char *>(again.data()),
                    reinterpret_cast<unsigned char const *>(decoded.data()), static_cast<int>(decoded.size()));
    again.pop_back(); // the terminator
    if (again != text) return std::nullopt;
    return decoded;
}

std::array<unsigned char, SHA256_DIGEST_LENGTH> digest(std::string_view s) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> out{};
    SHA256(reinterpret_cast<unsigned char const *>(s.data()), s.size(), out.data());
    return out;
}

} // namespace

std::optional<credentials> parse_basic(std::string_view authorization) {
    auto const space = authorization.find(' ');
    if (space == authorization.npos || !iequals(authorization.substr(0, space), "Basic")) return std::nullopt;
    auto const begin = authorization.find_first_not_of(' ', space);
    if (begin == authorization.npos) return std::nullopt;
    auto decoded = decode_base64(authorization.substr(begin));
    if (!decoded) return std::nullopt;
    auto const colon = decoded->find(':');
    if (colon == decoded->npos) return std::nullopt;
    return credentials{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

bool same_secret(std::string_view a, std::string_view b) {
    auto const x = digest(a);
    auto const y = digest(b);
    return CRYPTO_memcmp(x.data(), y.data(), x.size()) == 0;
}

} // namespace phial
