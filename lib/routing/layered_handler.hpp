// A route's handler inside its layers.
#pragma once

#include "phial/http/layer.hpp"
#include "phial/routing/route_handler.hpp"

#include <memory>
#include <vector>

namespace phial {

/// Wraps `layers` around `inner`; the first layer is outermost. Without layers it returns `inner` itself.
[[nodiscard]] std::unique_ptr<route_handler const> layered_handler(std::unique_ptr<route_handler const> inner,
                                                                   std::vector<bound_layer> const &layers);

} // namespace phial
