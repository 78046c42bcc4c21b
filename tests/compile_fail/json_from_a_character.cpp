// expect: phial: no json is made from a character: write a text ("x") or a number
#include "phial/http/json.hpp"

using namespace phial;

json answer() { return json('x'); }
