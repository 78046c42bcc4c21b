// The routes of a service as an OpenAPI 3.1 document.
#pragma once

#include "phial/routing/router.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace phial {

/// What the routes do not say.
struct api_info {
    std::string title;
    std::string version;
    std::string description = {}; // CommonMark
    std::string license = {};     // an SPDX expression: "BSL-1.0"
};

/// The document, as JSON. It has all mounted routes that are not hidden: their paths with the types of the converters,
/// what their handlers declare and give, the errors of both, the logins that their layers require (the fact
/// "security"), and what the registration says (blueprint::entry). HEAD and OPTIONS, which every route has, are left
/// out. When a second route has the same path but for the types of its parameters, and the same method, only the first
/// is shown. Throws std::invalid_argument when two types have the same name.
[[nodiscard]] std::string openapi(api_info const &info, router const &routes);

/// The same document, which is checked at once and written when it is first asked for: a start does not wait for it.
class openapi_document {
  public:
    /// Throws what openapi() throws. The router, or what it is moved into, outlives this object.
    openapi_document(api_info info, router const &routes);
    openapi_document(openapi_document &&) noexcept;
    ~openapi_document();

    /// Thread-safe.
    [[nodiscard]] std::string const &text() const;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

/// The same document for a service with that root path (request::root_path()): its `servers` name it. Without one,
/// their URL is relative to the address of the document.
[[nodiscard]] std::string at_root_path(std::string_view document, std::string_view root_path);

} // namespace phial
