// What a value of a schema has to be, in words. Private to the module.
#pragma once

#include "phial/typed/schema.hpp"

#include <string>

namespace phial {

/// "an integer from 1 to 5", "a text of 1 to 200 characters", "red, green or blue".
[[nodiscard]] std::string expectation(schema const &type);

/// The names of an object's members: "title, tags or priority".
[[nodiscard]] std::string member_names(schema const &type);

} // namespace phial
