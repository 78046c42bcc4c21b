// Reads JSON texts in one pass. Private to the module.
#pragma once

#include "phial/typed/json_reader.hpp"

#include <cstddef>
#include <string_view>

namespace phial {

enum class scan_result {
    understood,
    unsure,        // it is JSON, if Boost agrees about an exponent of more than eight digits
    not_understood // it is not JSON, or nested too deeply; json_fault.hpp says why
};

/// Calls the reader with the events of a text, which is UTF-8. `depth`: how deep arrays and objects may be nested.
[[nodiscard]] scan_result scan_json(std::string_view text, std::size_t depth, json_reader &to);

} // namespace phial
