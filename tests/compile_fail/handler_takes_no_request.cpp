// expect: phial: the handler of a route takes (what is bound..., request&, one parameter for each <...>
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

task<response> answer(std::string_view);

void mount(blueprint &bp) { bp.get<"/<id>">(answer); }
