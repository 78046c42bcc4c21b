// Decodes with OpenSSL, and checks by encoding again.
#include "http/base64.hpp"

#include <openssl/evp.h>

namespace phial {
namespace {

constexpr std::size_t most = 8 * 1024;

} // namespace

// EVP_DecodeBlock takes white space and stray padding; only what encodes back to the same text is accepted.
std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0 || text.size() > most) return std::nullopt;
    if (text.empty()) return std::string();
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

} // namespace phial
