// expect: no matching function for call to 'phial::response::response(const char*, const char [5])'
#include "phial/http/response.hpp"

#include <string>

using namespace phial;

response answer(std::string const &type) { return response(type.c_str(), "body"); }
