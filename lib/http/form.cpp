// Splits and decodes name=value pairs.
#include "http/form.hpp"

#include "http/uri.hpp"

#include <algorithm>

namespace phial {
namespace {

struct pair {
    std::string_view name;
    std::string_view value;
};

// Takes the next pair off `rest`; pairs without any text are passed over.
std::optional<pair> next_pair(std::string_view &rest) {
    while (!rest.empty()) {
        auto const one = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        if (one.empty()) continue;
        auto const equals = one.find('=');
        return pair{one.substr(0, equals), equals == one.npos ? std::string_view() : one.substr(equals + 1)};
    }
    return std::nullopt;
}

// Most names need no decoding, and then no copy.
bool is_named(std::string_view sent, std::string_view name) {
    if (sent.find('+') == sent.npos && !needs_decoding(sent)) return sent == name;
    return form_decode(sent) == name;
}

} // namespace

form_fields parse_form(std::string_view text, charset from) {
    form_fields out;
    while (auto const p = next_pair(text)) out.emplace_back(form_decode(p->name, from), form_decode(p->value, from));
    return out;
}

std::optional<std::string> form_value(std::string_view text, std::string_view name) {
    while (auto const p = next_pair(text))
        if (is_named(p->name, name)) return form_decode(p->value);
    return std::nullopt;
}

} // namespace phial
