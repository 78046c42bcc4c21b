// expect: phial: a layer returns task<response>, or outcome if it is not a coroutine
#include "phial/http/layer.hpp"

using namespace phial;

response layer(handler const &next, request &);

app wrapped(app next) { return with(std::move(next), also_on_refusals(layer)); }
