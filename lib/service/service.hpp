// The process as a class: everything that a service has besides its handlers.
#pragma once

#include "phial/auth/htpasswd_users.hpp"
#include "phial/auth/login_trail.hpp"
#include "phial/auth/users.hpp"
#include "phial/backtrace/stack_trace.hpp"
#include "phial/http/clients.hpp"
#include "phial/http/handler.hpp"
#include "phial/logging/fatal_signals.hpp"
#include "phial/logging/logger.hpp"
#include "phial/logging/service_log.hpp"
#include "phial/ops/counters.hpp"
#include "phial/ops/request_metrics.hpp"
#include "phial/runtime/bounded_end.hpp"
#include "phial/runtime/quota.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "phial/service/operator_routes.hpp"
#include "phial/service/service_settings.hpp"
#include "phial/service/stop_signals.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace phial {

/// Only one at a time in a process, made while the process has one thread. An app makes it from its settings, makes its
/// own parts with it, adds what the operator is to see of them, and calls run():
///
///     service s(settings);
///     auto &greetings = s.counter("_greetings_total", "Greetings said.");
///     s.add_check("voice_warm", [&] { return is_warm(); });
///     return s.run(make_app(s.log(), greetings));
class service {
  public:
    /// Opens the log and starts the threads; nothing listens yet. Throws settings_error when the log cannot be opened.
    explicit service(service_settings set);
    ~service();
    service(service const &) = delete;
    service &operator=(service const &) = delete;

    [[nodiscard]] service_settings const &settings() const noexcept { return set_; }
    [[nodiscard]] logger const &log() const noexcept { return log_; }
    /// Threads for work that waits for disks.
    [[nodiscard]] worker_pool &disk() noexcept { return disk_; }
    /// The users of the password file, or the one user that the settings name instead.
    [[nodiscard]] users const &known_users() const noexcept { return *users_; }

    // What the operator sees of the app, to be added before run(). What the functions refer to outlives run().
    [[nodiscard]] shared_counter &counter(std::string name, std::string help) {
        return counters_.add(std::move(name), std::move(help));
    }
    void add_metrics(std::function<void(exposition &)> append) { metrics_.push_back(std::move(append)); }
    void add_check(std::string name, std::function<bool()> is_met) {
        checks_.push_back({std::move(name), std::move(is_met)});
    }
    void watch_folder(watched_folder folder) { folders_.push_back(std::move(folder)); }

    using start_call = std::function<void(std::string const &url, std::string const &ops_url)>;
    /// Listens and serves until SIGTERM, SIGINT or stop(), then responds to what is under way, and returns 0. `started`
    /// is called when it listens, with the URLs of both listeners (empty: there is no second one). To be called once.
    /// Throws settings_error when it cannot listen as the settings say. What the handlers use may be destroyed when it
    /// has returned.
    int run(app a, start_call const &started = {});
    /// From any thread, at any time; a second call does nothing.
    void stop() { signals_.stop(); }

  private:
    [[nodiscard]] std::unique_ptr<users> make_users();
    void append_metrics(exposition &out);
    [[nodiscard]] make_observer observers();
    void report_start(std::string const &url, std::string const &ops_url);
    void finish_pools();

    // In the order of their lifetimes.
    service_settings set_;
    stop_signals signals_;
    stack_capture capture_;
    bounded_end end_;
    std::unique_ptr<service_log> sink_;
    fatal_signals crashes_;
    logger log_;
    worker_pool disk_;
    worker_pool computing_;
    worker_pool encoding_;
    quota encoders_;
    worker_pool password_checks_;
    worker_pool password_reads_;
    clients clients_;
    login_trail trail_;
    htpasswd_users *password_file_ = nullptr; // users_, if they come from a file
    std::unique_ptr<users> users_;
    quota body_memory_;
    request_metrics requests_;
    counters counters_;
    std::vector<std::function<void(exposition &)>> metrics_;
    std::vector<readiness_check> checks_;
    std::vector<watched_folder> folders_;
};

} // namespace phial
