// expect: phial: a layer takes (what is bound..., handler const &next, request &)
#include "phial/http/layer.hpp"

using namespace phial;

task<response> answer(request &);
task<response> layer(request &);

handler wrapped() { return with(answer, layer); }
