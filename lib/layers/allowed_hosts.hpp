// The host names that a service responds to, against DNS rebinding: a page that lets its own name resolve to the
// address of the service.
#pragma once

#include "phial/http/handler.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// Names of hosts.
class host_list {
  public:
    /// None.
    host_list() = default;
    /// Names and addresses, separated by commas: `api.example, *.shop.example, 10.0.0.7, [::1]`. `*.` means one
    /// label or more. Case does not matter, and the port is not compared. Throws std::invalid_argument, whose text
    /// is the end of a sentence.
    explicit host_list(std::string_view list);

    [[nodiscard]] bool empty() const noexcept { return names_.empty(); }
    /// `host` as it is in a request: a port may follow.
    [[nodiscard]] bool contains(std::string_view host) const noexcept;

  private:
    std::vector<std::string> names_;
};

/// The app for requests to these hosts: request::host(), so what a trusted proxy says, if that is used. Other
/// requests get 421 (RFC 9110 15.5.20): they are passed to the app's `refuse`, and request_notes::refused says why.
[[nodiscard]] app for_hosts(host_list hosts, app served);

} // namespace phial
