// Basic credentials: only canonical base64 is accepted, and every user and password can be sent.
#include "fuzz.hpp"

#include "phial/auth/basic.hpp"
#include "phial/text/ascii.hpp"

#include <string>

using namespace phial;
using namespace phial::fuzzing;

namespace {

std::string base64(std::string_view bytes) {
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    while (!bytes.empty()) {
        auto const three = take(bytes, 3);
        unsigned bits = 0;
        for (std::size_t i = 0; i < 3; ++i)
            bits = bits << 8 | (i < three.size() ? static_cast<unsigned char>(three[i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i) out += i <= three.size() ? alphabet[bits >> (18 - 6 * i) & 63U] : '=';
    }
    return out;
}

} // namespace

// The bytes are the value of the field, and then what is encoded in one.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto const bytes = as_text(data, size);
    if (auto const found = parse_basic(bytes)) {
        auto const end = bytes.rfind(' ');
        require(iequals(bytes.substr(0, bytes.find(' ')), "basic") && found->user.find(':') == std::string::npos);
        require(bytes.substr(end + 1) == base64(found->user + ':' + std::string(found->password.view())));
    }
    auto const colon = bytes.find(':');
    auto const found = parse_basic("bAsIc  " + base64(bytes));
    require(found.has_value() == (colon != bytes.npos));
    if (!found) return 0;
    require(found->user == bytes.substr(0, colon) && found->password.view() == bytes.substr(colon + 1));
    require(same_secret(found->user, found->password.view()) == (found->user == found->password.view()));
    return 0;
}
