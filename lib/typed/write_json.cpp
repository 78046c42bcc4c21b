#include "phial/http/json.hpp"
#include "phial/text/json_bytes.hpp"
#include "phial/text/number.hpp"
#include "phial/text/utf8.hpp"
#include "phial/typed/rfc3339.hpp"
#include "phial/typed/write.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace phial {
namespace {

bool is_ascii(char c) noexcept { return static_cast<unsigned char>(c) < 0x80; }

void append_escape(std::string &out, char c) {
    static constexpr char hex[] = "0123456789abcdef";
    switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
    }
    auto const code = static_cast<unsigned char>(c);
    char const escape[] = {'\\', 'u', '0', '0', hex[code >> 4U], hex[code & 15U]};
    out.append(escape, sizeof escape);
}

void append_text(std::string &out, std::string_view s) {
    auto const *const end = s.data() + s.size();
    auto const *from = s.data(); // what was passed and not yet written
    out += '"';
    for (auto const *p = from;;) {
        p = json_bytes::after_plain_ascii(p, end);
        if (p == end) break;
        std::string_view rest(p, static_cast<std::size_t>(end - p));
        if (auto const length = is_ascii(*p) ? 0 : utf8_sequence(rest); length != 0) {
            p += length;
            continue;
        }
        out.append(from, p);
        if (is_ascii(*p)) {
            append_escape(out, *p);
            ++p;
        } else {
            out += take_utf8(rest); // U+FFFD
            p = rest.data();
        }
        from = p;
    }
    out.append(from, end);
    out += '"';
}

std::uint64_t bits_of(schema const &type, void const *at) noexcept {
    std::uint64_t bits = 0;
    std::memcpy(&bits, at, type.size);
    return bits;
}

void append_number(std::string &out, schema const &type, void const *at) {
    auto const bits = bits_of(type, at);
    if (!type.is_signed) return append_integer(out, bits);
    auto const unused = 64 - 8 * type.size;
    append_integer(out, static_cast<std::int64_t>(bits << unused) >> unused);
}

void append_real(std::string &out, schema const &type, void const *at) {
    auto const bits = bits_of(type, at);
    bool const is_float = type.size == sizeof(float);
    double const value =
        is_float ? std::bit_cast<float>(static_cast<std::uint32_t>(bits)) : std::bit_cast<double>(bits);
    if (!std::isfinite(value)) throw std::invalid_argument("JSON has neither infinity nor NaN");
    if (!is_float) return append_double(out, value);
    std::array<char, 24> text; // the shortest digits that are this float, which has fewer than a double
    auto const end = std::to_chars(text.data(), text.data() + text.size(), static_cast<float>(value)).ptr;
    out.append(text.data(), end);
}

void append_enumerator(std::string &out, schema const &type, void const *at) {
    auto const n = bits_of(type, at);
    if (n >= type.enumerators.size())
        throw std::invalid_argument("an enumeration holds none of its enumerators, so it has no name to send");
    append_text(out, type.enumerators[n]);
}

void append_array(std::string &out, schema const &type, void const *at) {
    auto const [begin, size] = type.elements(at);
    out += '[';
    for (std::size_t n = 0; n < size; ++n) {
        if (n > 0) out += ',';
        write_json(*type.element, static_cast<std::byte const *>(begin) + n * type.element->size, out);
    }
    out += ']';
}

void append_dictionary(std::string &out, schema const &type, void const *at) {
    struct context {
        std::string &out;
        schema const &element;
    } writing{out, *type.element};
    out += '{';
    type.each(at, &writing, [](void *c, std::string_view key, void const *value) {
        auto const &to = *static_cast<context *>(c);
        if (to.out.back() != '{') to.out += ',';
        append_text(to.out, key);
        to.out += ':';
        write_json(to.element, value, to.out);
    });
    out += '}';
}

void append_object(std::string &out, schema const &type, void const *at) {
    auto const &offsets = type.facts().offsets;
    char before = '{';
    for (std::size_t n = 0; n < type.members.size(); ++n) {
        auto const name = type.members[n].name; // has nothing to escape, see schema_of
        out += before;
        out += '"';
        out += name;
        out += "\":";
        before = ',';
        write_json(*type.members[n].type, static_cast<std::byte const *>(at) + offsets[n], out);
    }
    out += '}';
}

template <class T>
T const &as(void const *at) noexcept {
    return *static_cast<T const *>(at);
}

} // namespace

void write_json(schema const &type, void const *object, std::string &out) {
    switch (type.kind) {
    case schema_kind::boolean: out += as<bool>(object) ? "true" : "false"; return;
    case schema_kind::integer: return append_number(out, type, object);
    case schema_kind::real: return append_real(out, type, object);
    case schema_kind::string: return append_text(out, as<std::string>(object));
    case schema_kind::enumeration: return append_enumerator(out, type, object);
    case schema_kind::array: return append_array(out, type, object);
    case schema_kind::dictionary: return append_dictionary(out, type, object);
    case schema_kind::object: return append_object(out, type, object);
    case schema_kind::any: out += as<json>(object).text(); return;
    case schema_kind::date_time:
        out += '"';
        append_date_time(out, as<moment>(object));
        out += '"';
        return;
    case schema_kind::full_date:
        out += '"';
        append_full_date(out, as<date>(object));
        out += '"';
        return;
    case schema_kind::optional:
        if (auto const [value, size] = type.elements(object); size != 0) return write_json(*type.element, value, out);
        out += "null";
        return;
    }
}

} // namespace phial
