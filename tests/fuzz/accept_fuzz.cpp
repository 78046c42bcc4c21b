// Accept and media types: offers by their quality, parameters that read back.
#include "fuzz.hpp"

#include "phial/http/accept.hpp"
#include "phial/http/media_type.hpp"
#include "phial/text/ascii.hpp"

#include <string>

using namespace phial;
using namespace phial::fuzzing;

namespace {

bool is_token(std::string_view s) { return !s.empty() && std::all_of(s.begin(), s.end(), is_token_char); }

bool operator==(preference a, preference b) { return a.quality == b.quality && a.exact == b.exact; }

void check_offers(std::string_view accept, std::string_view other) {
    auto const quality = [accept](std::string_view type) {
        auto const p = accept_preference(accept, type);
        require(p.quality >= 0 && p.quality <= 1000);
        return p.quality;
    };
    auto const best = best_offer(accept, {"text/plain", other, "application/json"});
    if (quality("text/plain") >= std::max(quality(other), quality("application/json")))
        require(best == "text/plain");
    else
        require(best == (quality(other) >= quality("application/json") ? other : "application/json"));
}

// Ranges are taken each for itself (in which order does not matter), and unreadable ones are passed over.
void check_list(std::string_view accept, std::string_view type) {
    auto const comma = accept.find(',');
    if (comma == accept.npos || accept.find('"') != accept.npos) return;
    std::string const first(accept.substr(0, comma));
    std::string const rest(accept.substr(comma + 1));
    auto const p = accept_preference(accept, type);
    require(p == accept_preference(rest + "," + first, type));
    require(p == accept_preference(rest + ",@;q=1," + first, type));
}

void check_media_type(std::string_view value) {
    auto const m = parse_media_type(value);
    require(m.type.empty() == m.subtype.empty());
    if (m.type.empty()) return require(m.parameters.empty());
    require(is_token(m.type) && is_token(m.subtype) && m.is(std::string(m.type) + '/' + std::string(m.subtype)));
    require(m.parameters.empty() || m.parameters.starts_with(';'));
    auto rest = m.parameters;
    std::string again;
    while (auto const p = next_parameter(rest)) {
        require(is_token(p->name) && m.parameter(p->name).has_value());
        again.append(";").append(p->name).append("=\"");
        for (char const c : p->value) (again += c == '"' || c == '\\' ? "\\" : "") += c;
        again += '"';
    }
    rest = m.parameters;
    std::string_view rest_again = again;
    while (auto const p = next_parameter(rest)) {
        auto const q = next_parameter(rest_again);
        require(q && q->name == p->name && q->value == p->value);
    }
    require(rest_again.empty());
}

} // namespace

// The first line is a media type, the second an Accept value.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto accept = as_text(data, size);
    auto const type = take_until(accept, '\n');
    check_media_type(type);
    check_offers(accept, type);
    check_list(accept, type);
    check_list(accept, "text/html");
    return 0;
}
