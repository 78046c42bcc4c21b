// Writing objects as JSON, by the schema of their type.
#pragma once

#include "phial/typed/schema.hpp"
#include "phial/typed/schema_of.hpp"

#include <string>
#include <vector>

namespace phial {

/// Appends the compact JSON text: members in the order of the struct, all of them, text as UTF-8 (bytes that are not
/// become U+FFFD). Throws std::invalid_argument for infinity and NaN, for an enumeration that holds none of its
/// enumerators, and for dates that RFC 3339 cannot express.
void write_json(schema const &type, void const *object, std::string &out);

/// The same for any value that has a schema.
template <class T>
[[nodiscard]] std::string to_json(T const &value) {
    std::string out;
    write_json(schema_of<T>, &value, out);
    return out;
}

/// For each member of a struct its initialiser as JSON; empty: a client must send the member, or it is null
/// it
/// cannot be written, it is a date, or it is not the same each time.
[[nodiscard]] std::vector<std::string> initialisers(schema const &object);

} // namespace phial
