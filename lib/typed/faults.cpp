#include "phial/typed/faults.hpp"

#include "phial/text/concat.hpp"
#include "phial/typed/scalar.hpp"

namespace phial {

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
