// expect: phial: an argument is a number, a bool or a std::string
#include "phial/http/request.hpp"

#include <string_view>

using namespace phial;

std::string_view sort(request const &rq) { return rq.arg<std::string_view>("sort", "name"); }
