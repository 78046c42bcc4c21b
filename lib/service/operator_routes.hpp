// What an operator asks of the process: /metrics, /livez, /readyz, /version.
#pragma once

#include "phial/files/folder_watch.hpp"
#include "phial/http/handler.hpp"
#include "phial/ops/exposition.hpp"
#include "phial/runtime/loop.hpp"
#include "phial/server/server.hpp"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace phial {

/// A condition of readiness, checked on the operator's loop; it must not wait.
struct readiness_check {
    std::string name; // of the member of "checks" in /readyz: "cache_filled"
    std::function<bool()> is_met;
};

/// A folder whose disk may be full or stall. It becomes the check <name>_folder_writable, the metric
/// _<name>_folder_stalled_seconds, and the member <label> of /readyz.
struct watched_folder {
    std::string name;
    std::string label;
    std::string path;
};

/// What the operator's responses show. All of it outlives the handler.
struct operated_service {
    std::string name; // of the service
    std::string version;
    loops &serving; // the clients
    server const &served;
    std::vector<std::function<void(exposition &)>> metrics;
    std::vector<readiness_check> checks;
    std::vector<watched_folder> folders;
};

/// Looks at the folders, on the operator's loop.
class folder_watches {
  public:
    folder_watches(executor const &loop, std::vector<watched_folder> const &folders);

    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
    [[nodiscard]] folder_watch &operator[](std::size_t i) noexcept { return all_[i]; }

  private:
    std::deque<folder_watch> all_; // they cannot be moved
};

/// The handler of the operator's listener. It waits for nothing but a look at a folder, for a moment. `watches` are
/// those of service.folders.
[[nodiscard]] handler operator_routes(operated_service const &service, folder_watches &watches);

} // namespace phial
