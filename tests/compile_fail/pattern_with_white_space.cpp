// expect: phial: a route pattern is written decoded, without white space, '?', '#' and '%'
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

task<response> answer(request &);

void mount(blueprint &bp) { bp.get<"/my articles">(answer); }
