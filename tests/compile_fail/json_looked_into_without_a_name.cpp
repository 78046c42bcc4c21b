// expect: use of deleted function 'phial::json_at phial::json::operator[](std::string_view) const &&'
#include "phial/http/json.hpp"

#include <string>
#include <string_view>

using namespace phial;

int answer(std::string_view body) { return json::parse(body)["number"].as<int>(); }
