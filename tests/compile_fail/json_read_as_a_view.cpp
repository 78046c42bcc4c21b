// expect: phial: a JSON value is read as bool, a number (no character), std::string or json, or as a std::vector or
// std::optional of these
#include "phial/http/json.hpp"

#include <string_view>

using namespace phial;

std::string_view answer(json const &body) { return body["name"].as<std::string_view>(); }
