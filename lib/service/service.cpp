#include "phial/service/service.hpp"

#include "phial/compression/compression.hpp"
#include "phial/http/layer.hpp"
#include "phial/layers/allowed_hosts.hpp"
#include "phial/layers/cors.hpp"
#include "phial/ops/access_log.hpp"
#include "phial/ops/operator_listener.hpp"
#include "phial/runtime/cpu.hpp"
#include "phial/runtime/loop.hpp"
#include "phial/server/server.hpp"
#include "phial/service/reports.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <utility>

namespace phial {
namespace {

// Threads that wait for disks.
constexpr unsigned disk_threads = 4;

// Time for all threads to end after the last response, and the part of it that disks are waited for before the log
// reports that one has stalled.
constexpr std::chrono::seconds longest_end{5};
constexpr std::chrono::seconds disk_patience{3};

// Threads that check passwords. Clients may send wrong ones at any rate, so half of the CPUs are for all other work.
unsigned check_threads() { return std::max(1U, usable_cpus() / 2); }
// Of that, and of compressing: all other work has a higher priority.
constexpr int low_priority = 10;

// The users of a service that has none.
class nobody final : public users {
  public:
    explicit nobody(login_trail *trail) noexcept : users(trail) {}

  private:
    [[nodiscard]] task<bool> is_right(request const &, std::string_view, std::string_view) const override {
        co_return false;
    }
};

// A log that cannot be opened is reported as a fault of --log-dir.
std::unique_ptr<service_log> open_log_as_set(log_options const &options) {
    try {
        return open_log(options);
    } catch (log_error const &e) {
        throw settings_error({concat("--log-dir: ", e.what(),
                                     ". Create its folder or make it writable, or choose another (empty: no file)")});
    }
}

// Counts and logs the requests of a loop.
class loop_observer final : public observer {
  public:
    loop_observer(loop_request_metrics &counts, access_log log) : counts_(counts), log_(std::move(log)) {}

    void finished(exchange const &what) noexcept override {
        counts_.add(what);
        log_.finished(what);
    }
    void tick() noexcept override { log_.tick(); }

  private:
    loop_request_metrics &counts_;
    access_log log_;
};

// The operator's listener and what its handlers read, which ends before the listener's loop.
class operator_side {
  public:
    operator_side(service_settings const &set, logger const &log, operated_service operated)
        : listener_(set.ops_address, set.ops_port, set.name, log),
          operated_(std::move(operated)),
          watches_(listener_.get_executor(), operated_.folders) {
        listener_.begin(operator_routes(operated_, watches_));
    }
    ~operator_side() { listener_.end(); }
    operator_side(operator_side const &) = delete;
    operator_side &operator=(operator_side const &) = delete;

    [[nodiscard]] std::string url() const { return listener_.url(); }

  private:
    operator_listener listener_;
    operated_service operated_;
    folder_watches watches_;
};

// A listener that cannot listen is reported as a fault of its port or its address. `prefix` begins the names of both.
template <class Listen>
void listen_as(std::string_view prefix, std::vector<std::string> &faults, Listen listen) {
    using enum listen_error::reason;
    try {
        listen();
    } catch (listen_error const &e) {
        auto const complain = [&](std::string_view name, std::string_view what_to_do) {
            faults.push_back(concat("--", prefix, name, ": ", e.what(), ". ", what_to_do));
        };
        switch (e.why()) {
        case port_taken: return complain("port", "Stop it, or choose another port");
        case port_forbidden: return complain("port", "Ports below 1024 need privileges: choose a higher one");
        case address: return complain("address", "Choose an address of this machine");
        case other: throw;
        }
    }
}

} // namespace

service::service(service_settings set)
    : set_(std::move(set)),
      capture_(set_.server.context.debug), // for the page of an exception
      sink_(open_log_as_set(set_.log)),
      log_(*sink_, set_.log_level),
      disk_(disk_threads),
      computing_(set_.threads),
      encoding_(set_.compress.offered == compression::codings::none ? 0 : set_.threads, low_priority),
      encoders_(set_.body_memory / 4),
      password_checks_(set_.passwords ? check_threads() : 0, low_priority),
      password_reads_(set_.passwords ? 1 : 0),
      clients_({.connections = set_.connections_per_client, .rate = set_.requests_per_client}, set_.trusted_proxies),
      trail_(sink_->logins(), clients_),
      users_(make_users()),
      body_memory_(set_.body_memory) {
    if (!set_.log.folder.empty()) folders_.push_back({.name = "log", .label = "log", .path = set_.log.folder});
}

service::~service() = default;

std::unique_ptr<users> service::make_users() {
    if (set_.passwords) {
        auto file = std::make_unique<htpasswd_users>(set_.password_file, *set_.passwords, password_checks_,
                                                     password_reads_, clients_, &trail_, log_,
                                                     htpasswd_limits{.turns = {.at_once = check_threads()}});
        password_file_ = file.get();
        return file;
    }
    if (set_.without_file)
        return std::make_unique<single_user>(set_.without_file->name, set_.without_file->password, &trail_);
    return std::make_unique<nobody>(&trail_);
}

// Makes the observer of each loop; none when there are neither metrics nor an access log.
make_observer service::observers() {
    auto const selection =
        set_.log_level > severity::info ? access_records::off : set_.access_log; // their level is info
    if (!set_.has_operator && selection == access_records::off) return {};
    return [this, selection] {
        return std::make_unique<loop_observer>(requests_.add_loop(), access_log(*sink_, selection));
    };
}

void service::append_metrics(exposition &out) {
    requests_.append_to(out);
    out.family("_clients", "gauge",
               "Clients in the table: with a connection, or with recent requests or failed logins.");
    out.sample({}, std::uint64_t{clients_.size()});
    out.family("_client_refusals_total", "counter", "Connections rejected because their client had too many.");
    out.sample({}, clients_.refused_connections());
    out.family("_failed_logins_total", "counter", "Logins with a wrong name or password.");
    out.sample({}, users_->wrong());
    out.family("_login_refusals_total", "counter",
               "Logins rejected with 429: the client backs off, or has too many under way.");
    out.sample({}, users_->refused());
    out.family("_password_checks_total", "counter", "Passwords that were checked.");
    out.sample({{"result", "right"}}, users_->right());
    out.sample({{"result", "wrong"}}, users_->wrong());
    std::uint64_t unstarted = 0;
    auto const jobs = [&](std::string_view name, std::string_view help, worker_pool &pool, std::size_t waiting) {
        auto const load = pool.current_load();
        out.family(name, "gauge", help);
        out.sample({{"state", "queued"}}, std::uint64_t{load.queued + waiting});
        out.sample({{"state", "running"}}, std::uint64_t{load.running});
        unstarted += load.unstarted;
    };
    jobs("_password_jobs", "Passwords of a file: waiting for their turn to be hashed, and under way.", password_checks_,
         password_file_ ? password_file_->waiting() : 0);
    jobs("_pool_jobs", "Work that would block a loop (files): waiting, and under way.", disk_, 0);
    jobs("_computing_jobs", "Long work on bodies: waiting for a thread, and under way.", computing_, 0);
    jobs("_encoding_jobs", "Pieces of responses to compress: waiting for a thread, and under way.", encoding_, 0);
    out.family("_unstarted_threads_total", "counter",
               "Threads for such work that could not be started: no memory, or a limit of threads.");
    out.sample({}, unstarted);
    auto const records = sink_->counts();
    out.family("_log_records_missing_total", "counter",
               "Log records that were dropped because the queue was full, or lost because they could not be written.");
    out.sample({{"reason", "dropped"}}, records.dropped);
    out.sample({{"reason", "lost"}}, records.lost);
    if (password_file_) {
        out.family("_password_file_stalled_seconds", "gauge",
                   "How long the current look at the file has lasted; 0: its disk responds.");
        out.sample({}, std::chrono::duration<double>(password_file_->stalled_for()).count());
    }
    counters_.append_to(out);
}

void service::report_start(std::string const &url, std::string const &ops_url) {
    if (set_.log.format == log_format::json) {
        std::array<attribute, 2> const urls{{{"url", url}, {"ops_url", ops_url}}};
        // At any log level, as in text format.
        sink_->write(severity::info, "listening on " + url, std::span(urls).first(ops_url.empty() ? 1 : 2));
    } else {
        if (!ops_url.empty()) sink_->announce(concat("ops on ", ops_url, "\n"));
        sink_->announce(concat("listening on ", url, "\n"));
    }
    log_.info(set_.name, " ", set_.version, " serves ", url, " on ", set_.threads,
              set_.threads == 1 ? " thread" : " threads", "; the log goes to ",
              set_.log.folder.empty() ? "no file" : set_.log.folder);
    if (set_.passwords)
        log_.info("users that may log in: ", set_.passwords->table->size(), ", of ", set_.password_file);
    if (set_.cors_origins.any())
        log_.warning("--cors-origins *: pages of every origin may read what the service answers");
    if (set_.server.context.debug) log_.warning("debug mode: errors are shown in detail to every client");
}

// Jobs that wait for disks have disk_patience; after that a disk counts as stalled.
void service::finish_pools() {
    computing_.wait_until_idle();
    encoding_.wait_until_idle();
    password_checks_.wait_until_idle();
    auto const deadline = std::chrono::steady_clock::now() + disk_patience;
    auto const idle = [deadline](worker_pool &p) {
        return p.wait_until_idle(deadline - std::chrono::steady_clock::now());
    };
    if (!idle(disk_) || !idle(password_reads_))
        log_.error("a disk is stalled: the service ends without finishing what waits for that disk");
}

int service::run(app a, start_call const &started) {
    a = compressed(std::move(a), set_.compress, {.pool = &encoding_, .memory = &encoders_});
    if (!set_.allowed_hosts.empty()) a = for_hosts(set_.allowed_hosts, std::move(a));
    if (!set_.cors_origins.empty()) a = with(std::move(a), also_on_refusals(cors(set_.cors_origins)));
    auto all = std::make_optional<loops>(set_.threads);
    auto options = set_.server;
    options.name = set_.name;
    options.known_clients = &clients_;
    options.context.proxies = set_.trusted_proxies.empty() ? nullptr : &set_.trusted_proxies;
    options.context.body_memory = &body_memory_;
    options.context.computing = &computing_;
    server served(*all, std::move(options), std::move(a), observers());
    metrics_.insert(metrics_.begin(), [this](exposition &out) { append_metrics(out); });
    std::optional<operator_side> ops; // it accepts before the service does, and responds until that has ended
    std::vector<std::string> faults;
    if (set_.has_operator)
        listen_as("ops-", faults, [&] {
            ops.emplace(set_, log_,
                        operated_service{set_.name, set_.version, *all, served, metrics_, checks_, folders_});
        });
    listen_as("", faults, [&] { served.listen(); });
    if (!faults.empty()) throw settings_error(std::move(faults));

    auto &main_loop = (*all)[0];
    report_overload(main_loop, served, log_);
    if (set_.server.proxy_protocol) report_proxy_headers(main_loop, served, log_);
    report_clients(main_loop, clients_, log_);
    main_loop.on_tick([this] { trail_.tick(); });
    if (password_file_) main_loop.on_tick([this] { password_file_->look_again(); });
    auto const ops_url = ops ? ops->url() : "";
    report_start(served.url(), ops_url); // nothing is logged before, so that it is the first line
    if (started) started(served.url(), ops_url);
    signals_.begin({.stop =
                        [&](int signal) {
                            served.stop();
                            log_.info(signal == 0 ? std::string("stop") : concat("signal ", signal),
                                      ": finishing the requests under way, then ending");
                        },
                    .reopen =
                        [this] {
                            if (auto const failure = sink_->reopen())
                                log_.error(
                                    "SIGHUP: ", set_.log.name,
                                    ".log cannot be opened; records still go to the old file: ", failure.message());
                            else
                                log_.info("SIGHUP: ", set_.log.name, ".log was reopened");
                        }});
    all->run();
    signals_.end();
    end_.begin(longest_end,
               concat(set_.name, ": a thread does not end, perhaps because a disk is stalled: it is not waited for "
                                 "any longer"));
    if (password_file_) password_file_->give_up();
    finish_pools();
    served.release();
    trail_.summarise();
    report_end(served.counts(), log_);
    ops.reset();
    disk_.wait_until_idle();
    password_reads_.wait_until_idle();
    all.reset(); // connections that were given up end with their loops, and the server they belong to after them
    return 0;
}

} // namespace phial
