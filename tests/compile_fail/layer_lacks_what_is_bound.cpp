// expect: phial: a layer takes (what is bound..., handler const &next, request &)
#include "phial/routing/blueprint.hpp"

using namespace phial;

struct counts {};
task<response> answer(request &);
task<response> layer(handler const &next, request &);

void mount(blueprint &bp, counts &all) { bp.get<"/">(answer).use(layer, all); }
