// The router: a handler that chooses the route's handler by path and method.
#pragma once

#include "phial/http/handler.hpp"
#include "phial/routing/blueprint.hpp"
#include "phial/routing/path_value.hpp"
#include "phial/routing/url_for.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// What a router knows about a route.
struct mounted_route {
    std::string_view pattern; // with the prefix
    std::string_view name;    // may be empty
    methods allowed;
    std::span<layer_fact const> facts; // of its layers, outermost first

    // For the documentation.
    std::string_view prefix;
    parsed_pattern const *parsed; // without the prefix
    handler_declaration declares;
    route_tag const *tag;
    route_notes const *notes;
    route_limits limits;
};

/// Mount blueprints, then use it as a handler; moved into a `handler` it is immutable. It throws http_error(404), and
/// http_error(405) with Allow. It responds to OPTIONS (200, Allow) if no route does. It redirects (308) to the path
/// without doubled slashes if only they prevent a match.
class router {
  public:
    router();
    router(router &&) noexcept;
    ~router();

    /// Adds the blueprint's routes. Throws std::invalid_argument when two patterns have the same name, when a pattern
    /// and method have two handlers, when a handler is for CONNECT, or for HEAD without GET, when it declares a body
    /// and is for a method without one, or when pattern and prefix are both empty.
    router &mount(blueprint bp);

    /// All routes, in the order in which they were mounted. The views live as long as the router.
    [[nodiscard]] std::vector<mounted_route> routes() const;

    outcome operator()(request &rq) const;

  private:
    class table;

    std::unique_ptr<table> table_;
};

} // namespace phial
