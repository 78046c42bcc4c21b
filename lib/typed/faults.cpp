#include "phial/typed/faults.hpp"

#include "phial/text/concat.hpp"
#include "phial/typed/scalar.hpp"

#include <utility>

namespace phial {
namespace {

std::string first_sentence(fault_list const &found) {
    auto const &f = found.front();
    auto const place = !f.in.empty()       ? concat("The ", f.in, "'s ", f.parameter)
                       : f.pointer.empty() ? std::string("The body")
                                           : concat("The body's ", f.pointer);
    auto const others = found.size() - 1;
    auto const more = others == 0   ? std::string(".")
                      : others == 1 ? std::string(", and there is one more fault.")
                                    : concat(", and there are ", others, " more faults.");
    return concat(place, " ", f.detail, more);
}

} // namespace

http_error unprocessable(fault_list found) {
    auto message = first_sentence(found);
    return http_error(422, std::move(message), std::move(found)); // understood, but not usable: RFC 9110 15.5.21
}

std::string quoted_start(std::string_view text) {
    constexpr std::size_t most = 60;
    if (text.size() <= most) return concat("\"", text, "\"");
    auto end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return concat("\"", text.substr(0, end), "...\"");
}

std::string what_came(schema const &type, std::string_view text) {
    bool const is_length = type.kind == schema_kind::string && type.matches == nullptr;
    return is_length ? concat("a text of ", count_characters(text), " characters") : quoted_start(text);
}

} // namespace phial
