// A route's handler inside its layers.
#pragma once

#include "phial/http/layer.hpp"
#include "phial/routing/view.hpp"

#include <memory>
#include <vector>

namespace phial {

/// `inner` inside `layers`, the first of which is outermost; `inner` itself if there are no layers.
[[nodiscard]] std::unique_ptr<view const> layered_view(std::unique_ptr<view const> inner,
                                                       std::vector<bound_layer> const &layers);

} // namespace phial
