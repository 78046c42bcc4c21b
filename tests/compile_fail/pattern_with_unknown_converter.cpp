// expect: phial: the converters of route patterns are string, int, float and path
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

task<response> answer(request &);

void mount(blueprint &bp) { bp.get<"/articles/<uuid:id>">(answer); }
