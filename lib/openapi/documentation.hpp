// What people and tools read of a service: /openapi.json, and a page at /docs.
#pragma once

#include "phial/openapi/document.hpp"
#include "phial/routing/blueprint.hpp"
#include "phial/routing/router.hpp"

namespace phial {

/// GET /openapi.json gives the document of all routes that are mounted now, so it is mounted last. It is written for
/// the first request: mount the blueprint on that router and no other. GET /docs is a page that shows the document and
/// sends requests; it loads nothing from other hosts, and its Content-Security-Policy allows only what it needs. Both
/// are for everybody who can reach the service. None of these routes is in the document. Throws what openapi() throws.
///
///     router routes;
///     routes.mount(notes(all));
///     routes.mount(documentation({.title = "Notes", .version = "1.0"}, routes));
[[nodiscard]] blueprint documentation(api_info const &info, router const &routes);

} // namespace phial
