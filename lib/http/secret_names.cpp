// Looks for the words.
#include "http/secret_names.hpp"

#include "http/ascii.hpp"

#include <algorithm>
#include <array>

namespace phial {

bool names_a_secret(std::string_view name) noexcept {
    static constexpr std::array<std::string_view, 8> words{"authorization", "cookie", "pass",      "token",
                                                           "secret",        "key",    "signature", "credential"};
    return std::any_of(words.begin(), words.end(), [name](std::string_view word) {
        auto const found = std::search(name.begin(), name.end(), word.begin(), word.end(),
                                       [](char a, char b) { return to_lower(a) == b; });
        return found != name.end();
    });
}

} // namespace phial
