// Dictionaries of structured fields, and the digests that are in them.
#include "fuzz.hpp"

#include "phial/http/content_digest.hpp"
#include "phial/http/http_error.hpp"
#include "phial/text/structured_field.hpp"

#include <array>
#include <set>
#include <string>

using namespace phial;
using namespace phial::fuzzing;

namespace {

bool is_key(std::string_view key) {
    auto const begins = [](char c) { return (c >= 'a' && c <= 'z') || c == '*'; };
    auto const goes_on = [&](char c) {
        return begins(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    };
    return !key.empty() && begins(key.front()) && std::all_of(key.begin(), key.end(), goes_on);
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto const three = bytes.substr(i, 3);
        unsigned group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8U | (k < three.size() ? static_cast<unsigned char>(three[k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k) out += k <= three.size() ? alphabet[group >> (18 - 6 * k) & 63U] : '=';
    }
    return out;
}

// What was read reads back from its plainest form, wherever else it is put.
void check_dictionary(std::string_view text) {
    auto const members = parse_dictionary(text);
    if (!members) return;
    std::set<std::string> keys;
    std::string again;
    for (auto const &m : *members) {
        require(is_key(m.key) && keys.insert(m.key).second);
        if (!again.empty()) again += " ,\t";
        again += m.key;
        if (m.bytes) again += "=:" + base64(*m.bytes) + ":";
    }
    auto const second = parse_dictionary(again);
    require(second && second->size() == members->size());
    for (std::size_t i = 0; i < members->size(); ++i)
        require((*second)[i].key == (*members)[i].key && (*second)[i].bytes == (*members)[i].bytes);
    if (!members->empty()) require(!parse_dictionary(again + ","));
}

unsigned outcome(std::string_view digests, std::string_view content, std::string_view sizes) {
    std::array<field, 1> const lines{{{"Content-Digest", digests}}};
    try {
        content_digest digest{fields_view(lines)};
        for_each_piece(content, sizes, [&](std::string_view piece) {
            digest.update(piece);
            return true;
        });
        digest.check();
        return 200;
    } catch (http_error const &e) {
        return e.status();
    }
}

} // namespace

// The first line is a field's value, the second the sizes of the pieces that the rest, content, comes in.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto content = as_text(data, size);
    auto const digests = take_until(content, '\n');
    auto const sizes = take_until(content, '\n');
    check_dictionary(digests);
    auto const whole = outcome(digests, content, {});
    require(whole == 200 || whole == 400);
    if (!parse_dictionary(digests)) require(whole == 400);
    require(outcome(digests, content, sizes) == whole);
    return 0;
}
