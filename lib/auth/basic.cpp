#include "phial/auth/basic.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/base64.hpp"

#include <nettle/memops.h>
#include <nettle/sha2.h>

#include <array>
#include <cstdint>
#include <strings.h>

namespace phial {
namespace {

std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest(std::string_view s) {
    std::array<std::uint8_t, SHA256_DIGEST_SIZE> out{};
    sha256_ctx context{};
    sha256_init(&context);
    sha256_update(&context, s.size(), reinterpret_cast<std::uint8_t const *>(s.data()));
    sha256_digest(&context, out.size(), out.data());
    ::explicit_bzero(&context, sizeof context);
    return out;
}

// A string whose memory is wiped. It must not be moved or grow once it holds a secret.
class wiped_string {
  public:
    wiped_string() = default;
    ~wiped_string() { ::explicit_bzero(bytes.data(), bytes.capacity()); }
    wiped_string(wiped_string const &) = delete;
    wiped_string &operator=(wiped_string const &) = delete;

    std::string bytes;
};

} // namespace

std::optional<std::string_view> encoded_basic(std::string_view authorization) noexcept {
    constexpr std::string_view scheme = "Basic";
    auto const name = authorization.substr(0, scheme.size());
    if (!iequals(name, scheme)) return std::nullopt;
    auto rest = authorization.substr(name.size());
    if (!rest.starts_with(' ')) return std::nullopt;
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    return rest.empty() ? std::nullopt : std::optional(rest);
}

std::optional<credentials> parse_basic(std::string_view authorization) {
    auto const encoded = encoded_basic(authorization);
    if (!encoded) return std::nullopt;
    wiped_string decoded;
    if (!decode_base64(*encoded, decoded.bytes)) return std::nullopt;
    std::string_view const user_pass = decoded.bytes;
    auto const colon = user_pass.find(':');
    if (colon == user_pass.npos) return std::nullopt;
    return credentials{std::string(user_pass.substr(0, colon)), wiped_text(user_pass.substr(colon + 1))};
}

bool same_secret(std::string_view a, std::string_view b) {
    auto const x = digest(a);
    auto const y = digest(b);
    return memeql_sec(x.data(), y.data(), x.size()) != 0;
}

} // namespace phial
