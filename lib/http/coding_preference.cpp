#include "phial/http/coding_preference.hpp"

#include "phial/http/quality.hpp"
#include "phial/text/ascii.hpp"

#include <algorithm>

namespace phial {
namespace {

// Of `;q=0.5`; nothing if it is malformed.
std::optional<int> weight_of(std::string_view parameter) noexcept {
    constexpr std::string_view name = "q=";
    parameter = trim(parameter);
    if (!iequals(parameter.substr(0, name.size()), name)) return std::nullopt;
    return parse_quality(parameter.substr(name.size()));
}

bool names(std::string_view element, std::string_view coding) noexcept {
    return iequals(element, coding) || (coding == "gzip" && iequals(element, "x-gzip"));
}

} // namespace

std::optional<int> coding_quality(std::string_view accept_encoding, std::string_view coding) noexcept {
    std::optional<int> exact;
    std::optional<int> any;
    for_each_part(accept_encoding, [&](std::string_view element) {
        auto const semicolon = element.find(';');
        auto const name = trim(element.substr(0, semicolon));
        auto &place = name == "*" ? any : exact;
        if ((name != "*" && !names(name, coding)) || place) return; // of two the first counts
        if (semicolon == element.npos)
            place = 1000;
        else
            place = weight_of(element.substr(semicolon + 1));
    });
    return exact ? exact : any;
}

std::vector<std::string_view> wanted_codings(std::string_view accept_encoding,
                                             std::span<std::string_view const> offers) {
    auto const quality_of = [&](std::string_view coding) {
        return coding_quality(accept_encoding, coding).value_or(0);
    };
    auto const least = std::max(quality_of("identity"), 1);
    std::vector<std::string_view> wanted;
    for (auto const coding : offers) {
        auto const quality = quality_of(coding);
        auto const is_less = [&](std::string_view other) { return quality_of(other) < quality; };
        if (quality >= least) wanted.insert(std::ranges::find_if(wanted, is_less), coding);
    }
    return wanted;
}

} // namespace phial
