// expect: phial: a layer takes (what is bound..., handler const &next, request &)
#include "phial/http/layer.hpp"

using namespace phial;

task<response> layer(handler next, request &);

app wrapped(app next) { return with(std::move(next), layer); }
