#include "phial/http/form.hpp"

#include "phial/http/http_error.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/uri.hpp"
#include "phial/text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace phial {
namespace {

struct pair {
    std::string_view name;
    std::string_view value;
};

// Skips empty pairs.
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

// Most names need no decoding, so they are compared without a copy.
bool is_named(std::string_view sent, std::string_view name) {
    if (sent.find('+') == sent.npos && !needs_decoding(sent)) return sent == name;
    return form_decode(sent) == name;
}

} // namespace

form_fields parse_form(std::string_view text, charset encoding) {
    form_fields out;
    while (auto const p = next_pair(text))
        out.emplace_back(form_decode(p->name, encoding), form_decode(p->value, encoding));
    return out;
}

namespace {

// Decodes in two steps, so that each is counted before it is allocated: a byte of another charset, or a byte that is
// not UTF-8, may become three.
std::string decode(std::string_view sent, charset encoding, memory_share &share) {
    share.grow(sent.size());
    auto bytes = form_decode_bytes(sent);
    if (encoding == charset::utf_8 && is_utf8(bytes)) return bytes;
    share.grow(to_utf8_length(bytes, encoding));
    return to_utf8(bytes, encoding);
}

} // namespace

held_fields parse_form(std::string_view text, std::size_t most, std::shared_ptr<memory_account> account,
                       charset encoding) {
    held_fields out;
    out.share = memory_share(std::move(account));
    std::uint64_t kept = 0;
    while (auto const p = next_pair(text)) {
        if (out.size() == most) throw http_error(413, concat("The form has more than ", most, " fields."));
        // Twice: a growing vector holds its elements twice for a moment.
        out.share.grow(2 * sizeof(form_fields::value_type));
        auto name = decode(p->name, encoding, out.share);
        auto value = decode(p->value, encoding, out.share);
        kept += 2 * sizeof(form_fields::value_type) + name.capacity() + value.capacity();
        out.emplace_back(std::move(name), std::move(value));
        out.share.resize_down(kept); // gives back what only the decoding needed
    }
    return out;
}

void keep_to_show(form_fields &shown, std::string_view name, std::string_view value) {
    constexpr std::size_t most_fields = 100;
    constexpr std::size_t longest = 1000;
    if (shown.size() >= most_fields) return;
    auto const cut = [](std::string_view text) {
        return text.size() <= longest ? std::string(text) : concat(text.substr(0, longest), "...");
    };
    shown.emplace_back(cut(name), cut(value));
}

std::optional<std::string> form_value(std::string_view text, std::string_view name) {
    while (auto const p = next_pair(text))
        if (is_named(p->name, name)) return form_decode(p->value);
    return std::nullopt;
}

} // namespace phial
