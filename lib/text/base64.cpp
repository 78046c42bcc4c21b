#include "phial/text/base64.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace phial {
namespace {

constexpr std::size_t most = 8 * 1024;

} // namespace

// EVP_DecodeBlock accepts white space and stray padding, so the result is encoded again and compared.
bool decode_base64(std::string_view text, std::string &out) {
    out.clear();
    if (text.size() % 4 != 0 || text.size() > most) return false;
    if (text.empty()) return true;
    auto const *encoded = reinterpret_cast<unsigned char const *>(text.data());
    out.resize(text.size() / 4 * 3);
    auto *bytes = reinterpret_cast<unsigned char *>(out.data());
    if (EVP_DecodeBlock(bytes, encoded, static_cast<int>(text.size())) < 0) return false;
    if (text.ends_with('=')) out.pop_back();
    if (text.ends_with("==")) out.pop_back();
    std::string again(text.size() + 1, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char *>(again.data()),
                    reinterpret_cast<unsigned char const *>(out.data()), static_cast<int>(out.size()));
    bool const same = std::string_view(again).substr(0, text.size()) == text;
    OPENSSL_cleanse(again.data(), again.size());
    return same;
}

std::optional<std::string> decode_base64(std::string_view text) {
    std::string decoded;
    if (!decode_base64(text, decoded)) return std::nullopt;
    return decoded;
}

} // namespace phial
