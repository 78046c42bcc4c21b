// expect: phial: no json is made from a character: write a text ("x") or a number
#include "phial/http/json.hpp"

#include <string>

using namespace phial;

json answer(std::u32string const &text) { return text; }
