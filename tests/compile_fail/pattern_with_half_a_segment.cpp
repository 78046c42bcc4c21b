// expect: phial: a parameter of a route pattern is a whole segment: /<name>/ or /<converter:name>/
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

task<response> answer(request &);

void mount(blueprint &bp) { bp.get<"/articles-<id>">(answer); }
