// expect: phial: a <path:...> parameter takes the rest of the path, so it comes last in a route pattern
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

task<response> answer(request &);

void mount(blueprint &bp) { bp.get<"/articles/<path:id>/edit">(answer); }
