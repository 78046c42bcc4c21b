#include "phial/typed/expectation.hpp"

#include "phial/text/concat.hpp"
#include "phial/text/number.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace phial {
namespace {

std::string integers(schema const &s) {
    std::string text = "an integer from ";
    append_integer(text, s.low);
    text += " to ";
    if (s.is_signed)
        append_integer(text, static_cast<std::int64_t>(s.high));
    else
        append_integer(text, s.high);
    return text;
}

std::string reals(schema const &s) {
    bool const has_least = s.is_bounded && std::isfinite(s.least);
    bool const has_most = s.is_bounded && std::isfinite(s.greatest);
    if (has_least && has_most) return concat("a number from ", s.least, " to ", s.greatest);
    if (has_least) return concat("a number of at least ", s.least);
    if (has_most) return concat("a number of at most ", s.greatest);
    return "a number";
}

// "a list of 1 to 5 elements"
std::string sized(std::string_view what, schema const &s, std::string_view units) {
    if (static_cast<std::uint64_t>(s.low) == s.high) return concat(what, " of ", s.high, " ", units);
    bool const has_least = s.low > 0, has_most = s.high != schema::unlimited;
    if (has_least && has_most) return concat(what, " of ", s.low, " to ", s.high, " ", units);
    if (has_most) return concat(what, " of at most ", s.high, " ", units);
    if (has_least) return concat(what, " of at least ", s.low, " ", units);
    return std::string(what);
}

template <class Names, class NameOf>
std::string one_of(Names const &names, NameOf name_of) {
    constexpr std::size_t most = 20; // a longer list does not help anybody
    std::string text;
    auto const shown = std::min(names.size(), most);
    for (std::size_t n = 0; n < shown; ++n) {
        if (n > 0) text += n + 1 == names.size() ? " or " : ", ";
        text += name_of(names[n]);
    }
    if (shown < names.size()) text += " ...";
    return text;
}

} // namespace

std::string expectation(schema const &type) {
    switch (type.kind) {
    case schema_kind::boolean: return "true or false";
    case schema_kind::integer: return integers(type);
    case schema_kind::real: return reals(type);
    case schema_kind::string: {
        auto const text = sized("a text", type, "characters");
        return type.expected.empty() ? text : concat(text, ": ", type.expected);
    }
    case schema_kind::date_time: return "a date and time such as 2026-11-28T12:00:00Z";
    case schema_kind::full_date: return "a date such as 2026-11-28";
    case schema_kind::enumeration: return one_of(type.enumerators, [](std::string_view name) { return name; });
    case schema_kind::array: return sized("a list", type, "elements");
    case schema_kind::dictionary: return sized("an object", type, "members");
    case schema_kind::object: return "an object";
    case schema_kind::optional: return concat(expectation(*type.element), ", or null");
    case schema_kind::any: return "a JSON value";
    }
    return {};
}

std::string member_names(schema const &type) {
    return one_of(type.members, [](schema_member const &m) { return m.name; });
}

} // namespace phial
