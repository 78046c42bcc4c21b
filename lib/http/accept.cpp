#include "phial/http/accept.hpp"

#include "phial/http/media_type.hpp"
#include "phial/http/quality.hpp"
#include "phial/text/ascii.hpp"

namespace phial {
namespace {

// The end of the list element or parameter at the beginning of `s`: the next `stop` outside quotes.
std::size_t element_end(std::string_view s, char stop) noexcept {
    bool quoted = false;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (quoted && s[i] == '\\')
            ++i;
        else if (s[i] == '"')
            quoted = !quoted;
        else if (s[i] == stop && !quoted)
            return i;
    }
    return s.size();
}

std::string_view take(std::string_view &s, char stop) noexcept {
    auto const one = s.substr(0, element_end(s, stop));
    s.remove_prefix(std::min(s.size(), one.size() + 1));
    return trim(one);
}

enum class match { none, any, type, exact, exact_with_parameters };

struct range {
    match kind = match::none;
    int quality = 1000;
};

// Parameters other than q make a range more specific. Our offers have no parameter but charset, so a range with
// parameters is the more specific name of the same type.
range match_range(std::string_view element, std::string_view offer) noexcept {
    auto const name = take(element, ';');
    auto const m = parse_media_type(name);
    if (m.type.empty()) return {};
    range r;
    bool parameters = false;
    while (!element.empty()) {
        auto p = take(element, ';');
        if (p.size() > 1 && to_lower(p[0]) == 'q' && p[1] == '=') {
            auto const q = parse_quality(p.substr(2));
            if (!q) return {};
            r.quality = *q;
            break; // parameters after q belong to Accept, not to the media type
        }
        parameters = parameters || !p.empty();
    }
    auto const slash = offer.find('/');
    if (m.type == "*" && m.subtype == "*")
        r.kind = match::any;
    else if (iequals(m.type, offer.substr(0, slash)) && m.subtype == "*")
        r.kind = match::type;
    else if (m.is(offer))
        r.kind = parameters ? match::exact_with_parameters : match::exact;
    return r;
}

} // namespace

preference accept_preference(std::string_view accept, std::string_view type) noexcept {
    if (trim(accept).empty()) return {1000, false};
    range best{match::none, 0};
    while (!accept.empty()) {
        auto const r = match_range(take(accept, ','), type);
        if (r.kind > best.kind || (r.kind == best.kind && r.quality > best.quality)) best = r;
    }
    return {best.kind == match::none ? 0 : best.quality, best.kind >= match::exact};
}

std::string_view best_offer(std::string_view accept, std::initializer_list<std::string_view> offers) noexcept {
    auto best = *offers.begin();
    int quality = -1;
    for (auto const offer : offers) {
        auto const q = accept_preference(accept, offer).quality;
        if (q > quality) {
            best = offer;
            quality = q;
        }
    }
    return best;
}

} // namespace phial
