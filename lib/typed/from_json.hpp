// Reading a JSON text into a value, without a request: the reverse of to_json.
#pragma once

#include "phial/typed/schema.hpp"
#include "phial/typed/schema_of.hpp"

#include <string_view>

namespace phial {

namespace detail {
// Into an object that has its defaults.
void read_whole_json(schema const &type, void *object, std::string_view text);
} // namespace detail

/// The value that a JSON text stands for (RFC 8259), read and checked as a body is: for a response in a test, for a
/// file, for what another service responds with. Throws http_error: 400 if the text is no JSON, 422 if it does not fit
/// T, with all faults. What the value takes is not counted in any account.
///
///     auto const made = from_json<note>(client.get("/notes/1").body());
template <class T>
[[nodiscard]] T from_json(std::string_view text) {
    T value{};
    detail::read_whole_json(schema_of<T>, &value, text);
    return value;
}

} // namespace phial
