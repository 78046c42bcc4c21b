// A route's handler within layers.
#pragma once

#include "phial/http/layer.hpp"
#include "phial/routing/view.hpp"

#include <memory>
#include <vector>

namespace phial {

/// `inner` within `layers`, the first of which is outermost; `inner` itself when there are none.
[[nodiscard]] std::unique_ptr<view const> layered_view(std::unique_ptr<view const> inner,
                                                       std::vector<bound_layer> const &layers);

} // namespace phial
