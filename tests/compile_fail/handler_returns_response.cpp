// expect: phial: the handler of a route returns task<response>
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

response answer(request &);

void mount(blueprint &bp) { bp.get<"/">(answer); }
