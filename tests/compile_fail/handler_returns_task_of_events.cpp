// expect: phial: a generator is a result by itself, not that of a task
#include "phial/http/events.hpp"
#include "phial/routing/blueprint.hpp"

phial::task<phial::events> prices(phial::request &);

void add(phial::blueprint &bp) { bp.get<"/prices">(prices); }
