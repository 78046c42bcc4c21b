// Which names a service answers to: a page that has made its own name lead here (DNS rebinding) is not answered.
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
    /// Names and addresses, separated by commas: `api.example, *.shop.example, 10.0.0.7, [::1]`. `*.` stands for one
    /// label or several. Case does not matter, and the port is not part of it. Throws std::invalid_argument, whose text
    /// is the end of a sentence.
    explicit host_list(std::string_view list);

    [[nodiscard]] bool empty() const noexcept { return names_.empty(); }
    /// `host` as it is in a request: a port may follow.
    [[nodiscard]] bool contains(std::string_view host) const noexcept;

  private:
    std::vector<std::string> names_; // in lower case
};

/// The app for requests to these hosts (request::host()). Others get 421 (RFC 9110 15.5.20), as the app refuses a
/// request of the server's: request_notes::refused says why.
[[nodiscard]] app for_hosts(host_list hosts, app served);

} // namespace phial
