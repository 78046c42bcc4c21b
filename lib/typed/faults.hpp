// Faults as they are made by the readers. Private to the module.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/typed/schema.hpp"

#include <string>
#include <string_view>

namespace phial {

/// The error for faults, of which there is at least one. Its message is about the first.
[[nodiscard]] http_error unprocessable(fault_list found);

/// At most 60 bytes of what a client sent, with quotes around it and without a half character at its end.
[[nodiscard]] std::string quoted_start(std::string_view text);

/// What is said of a text that does not fit: its length if that is wrong, because it may be a password.
[[nodiscard]] std::string what_came(schema const &type, std::string_view text);

} // namespace phial
