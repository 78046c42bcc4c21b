// expect: phial: two parameters of a route pattern have the same name
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

task<response> answer(request &);

void mount(blueprint &bp) { bp.get<"/articles/<id>/<id>">(answer); }
