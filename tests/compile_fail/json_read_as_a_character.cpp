// expect: phial: a JSON value is read as bool, a number (no character), std::string or json, or as a std::vector or
// std::optional of these
#include "phial/http/json.hpp"

using namespace phial;

char answer(json const &body) { return body["letter"].as<char>(); }
