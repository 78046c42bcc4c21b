// expect: phial: a layer's facts are std::vector<layer_fact> facts(what is bound...) const
#include "phial/routing/blueprint.hpp"

using namespace phial;

struct counts {};
struct layer {
    task<response> operator()(counts &, handler const &next, request &) const;
    std::vector<layer_fact> facts() const;
};

void mount(blueprint &bp, counts &all) { bp.use(layer(), all); }
