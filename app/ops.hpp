// What an operator asks of the process: /metrics, /livez, /readyz, /version.
#pragma once

#include "app/settings.hpp"
#include "phial/auth/htpasswd_users.hpp"
#include "phial/auth/users.hpp"
#include "phial/files/file_store.hpp"
#include "phial/files/folder_watch.hpp"
#include "phial/http/clients.hpp"
#include "phial/http/handler.hpp"
#include "phial/logging/logger.hpp"
#include "phial/ops/access_log.hpp"
#include "phial/ops/request_metrics.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "phial/server/server.hpp"

#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace phial {

/// What the answers are made of. All of it outlives the handler.
struct observed_parts {
    settings const &set;
    loops &serving; // the clients
    server const &service;
    request_metrics const &requests;
    file_store const &uploads;
    clients const &known_clients;
    users const &known;
    htpasswd_users const *passwords; // null: the demo user
    worker_pool &pool;
    worker_pool &checks; // of passwords
    worker_pool &computing;
    log_sink const &log;
};

/// The folders whose disks may fill up or stand still.
struct folder_watches {
    folder_watch uploads;
    std::optional<folder_watch> log; // none: there is no file
};

/// The handler of the second listener. It waits for nothing but, a moment, a look at a folder.
[[nodiscard]] handler make_ops(observed_parts const &parts, folder_watches &folders);

/// The second listener, on a loop and a thread of its own: it answers when the others do not. From its constructor,
/// which throws what server::listen throws, to its destructor.
class ops_service {
  public:
    /// What `parts` and `log` refer to outlives this.
    ops_service(observed_parts const &parts, logger const &log);
    ~ops_service();
    ops_service(ops_service const &) = delete;
    ops_service &operator=(ops_service const &) = delete;

    [[nodiscard]] std::string url() const { return server_.url(); }

  private:
    observed_parts parts_;
    loops loops_{1};
    folder_watches folders_;
    server server_;
    std::jthread thread_;
};

/// What a loop tells of its requests: it is counted, and logged.
class loop_observer final : public observer {
  public:
    loop_observer(loop_request_metrics &counts, access_log log) : counts_(counts), log_(std::move(log)) {}

    void answered(exchange const &what) noexcept override {
        counts_.add(what);
        log_.answered(what);
    }
    void tick() noexcept override { log_.tick(); }

  private:
    loop_request_metrics &counts_;
    access_log log_;
};

} // namespace phial
