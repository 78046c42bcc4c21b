// expect: phial: a layer takes (what is bound..., handler const &next, request &)
#include "phial/routing/blueprint.hpp"

using namespace phial;

struct counts {};
task<response> layer(counts &, handler const &next, request &);

void mount(blueprint &bp, counts const &all) { bp.use(layer, all); }
