// expect: phial: the name of a route parameter is made of letters, digits and underscores, no digit first
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

task<response> answer(request &);

void mount(blueprint &bp) { bp.get<"/articles/<1st>">(answer); }
