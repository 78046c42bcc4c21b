#include "phial/http/transport_security.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/number.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace phial {
namespace {

constexpr std::array<std::string_view, 2> directives{"includeSubDomains", "preload"};

} // namespace

transport_security::transport_security(std::string_view text) {
    if (iequals(text, "no")) return;
    auto rest = text;
    auto const next = [&rest] {
        auto const end = rest.find(';');
        auto const part = trim(rest.substr(0, end));
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
        return part;
    };
    auto const seconds = parse_digits(next());
    auto line = concat("Strict-Transport-Security: max-age=", seconds.value_or(0));
    bool is_valid = seconds.has_value();
    while (is_valid && !rest.empty()) {
        auto const part = next();
        auto const *const known =
            std::find_if(directives.begin(), directives.end(), [part](auto one) { return iequals(one, part); });
        is_valid = known != directives.end() && line.find(*known) == line.npos;
        if (is_valid) line += concat("; ", *known);
    }
    if (!is_valid)
        throw std::invalid_argument(
            concat("'", text,
                   "' is neither no nor a number of seconds such as 31536000, which '; includeSubDomains' and "
                   "'; preload' may follow"));
    line_ = line + "\r\n";
}

} // namespace phial
