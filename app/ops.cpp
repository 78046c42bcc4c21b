// Answers the operator.
#include "app/ops.hpp"

#include "phial/errors/handle_errors.hpp"
#include "phial/ops/build_info.hpp"
#include "phial/ops/exposition.hpp"
#include "phial/ops/process_metrics.hpp"
#include "phial/routing/router.hpp"
#include "phial/text/concat.hpp"

#include <chrono>

namespace phial {
namespace {

// A loop that has not had a tick for so long turns no more: a handler blocks it.
constexpr std::chrono::seconds longest_silence{5};

double in_seconds(std::chrono::steady_clock::duration d) noexcept { return std::chrono::duration<double>(d).count(); }

void append_connections(exposition &out, server const &s) {
    auto const counts = s.counts();
    out.family("phial_connections_total", "counter", "Connections accepted.");
    out.sample({}, counts.connections);
    auto const open = s.open_connections();
    auto const idle = std::min(s.idle_connections(), open);
    out.family("phial_connections", "gauge",
               "Open connections; idle ones waited for a request when that was last looked at, a second ago.");
    out.sample({{"state", "active"}}, std::uint64_t{open - idle});
    out.sample({{"state", "idle"}}, std::uint64_t{idle});
    out.family("http_server_active_requests", "gauge", "Requests the service is at work on.");
    out.sample({}, std::uint64_t{s.requests_under_way()});
    out.family("phial_overload_answers_total", "counter", "Answers of 503, and connections closed without one.");
    out.sample({}, counts.overloads);
    out.family("phial_cut_off_total", "counter", "Requests and answers cut off for slowness, by what was slow.");
    out.sample({{"slow", "head"}}, counts.slow_heads);
    out.sample({{"slow", "body"}}, counts.slow_bodies);
    out.sample({{"slow", "reader"}}, counts.slow_readers);
    out.sample({{"slow", "handler"}}, counts.slow_handlers);
    out.family("phial_gone_clients_total", "counter",
               "Requests cancelled (499) because their client had closed its connection.");
    out.sample({}, counts.gone_clients);
}

void append_clients(exposition &out, observed_parts const &parts) {
    out.family("phial_clients", "gauge", "Clients in the table: with a connection, or with failed logins of late.");
    out.sample({}, std::uint64_t{parts.known_clients.size()});
    out.family("phial_client_refusals_total", "counter", "Connections refused as their client had too many.");
    out.sample({}, parts.known_clients.refused_connections());
    out.family("phial_failed_logins_total", "counter", "Names and passwords that do not belong together.");
    out.sample({}, parts.known.wrong());
    out.family("phial_login_refusals_total", "counter",
               "Logins answered 429: the client backs off, or has too many under way.");
    out.sample({}, parts.known.refused());
}

void append_parts(exposition &out, observed_parts const &parts) {
    auto const uploads = parts.uploads.counts();
    out.family("phial_uploads_total", "counter", "Files that were to be written, by what became of them.");
    out.sample({{"result", "written"}}, uploads.written);
    out.sample({{"result", "abandoned"}}, uploads.abandoned);
    out.sample({{"result", "failed"}}, uploads.failed);
    out.sample({{"result", "refused"}}, uploads.refused);
    out.family("phial_uploads_under_way", "gauge", "Uploads that the disk has not let go of yet.");
    out.sample({}, uploads.under_way);
    out.family("phial_upload_bytes_under_way", "gauge", "Bytes that those have announced, or sent so far.");
    out.sample({}, uploads.bytes_under_way);
    out.family("phial_upload_bytes_total", "counter", "Bytes of the files that were written.");
    out.sample({}, uploads.bytes);
    out.family("phial_password_checks_total", "counter", "Passwords that were checked.");
    out.sample({{"result", "right"}}, parts.known.right());
    out.sample({{"result", "wrong"}}, parts.known.wrong());
    auto const checks = parts.checks.current_load();
    out.family("phial_password_jobs", "gauge",
               "Passwords of a file: waiting for their turn to be hashed, and under way.");
    auto const waiting = parts.passwords == nullptr ? 0 : parts.passwords->waiting();
    out.sample({{"state", "queued"}}, std::uint64_t{checks.queued + waiting});
    out.sample({{"state", "running"}}, std::uint64_t{checks.running});
    auto const load = parts.pool.current_load();
    out.family("phial_pool_jobs", "gauge", "Work that would block a loop (files): waiting, and under way.");
    out.sample({{"state", "queued"}}, std::uint64_t{load.queued});
    out.sample({{"state", "running"}}, std::uint64_t{load.running});
    auto const computing = parts.computing.current_load();
    out.family("phial_computing_jobs", "gauge", "Long work on bodies: waiting for a thread, and under way.");
    out.sample({{"state", "queued"}}, std::uint64_t{computing.queued});
    out.sample({{"state", "running"}}, std::uint64_t{computing.running});
    auto const log = parts.log.counts();
    out.family("phial_log_records_missing_total", "counter",
               "Log records that were dropped because the queue was full, or lost because they could not be written.");
    out.sample({{"reason", "dropped"}}, log.dropped);
    out.sample({{"reason", "lost"}}, log.lost);
    out.family("phial_loop_lag_seconds", "gauge", "How late each loop's last tick was.");
    for (std::size_t i = 0; i < parts.serving.size(); ++i)
        out.sample({{"loop", std::to_string(i)}}, in_seconds(parts.serving[i].lag()));
}

void append_stalls(exposition &out, observed_parts const &parts, folder_watches &folders) {
    constexpr char stalled[] = "How long a look at it has had no answer; 0: its disk answers.";
    out.family("phial_upload_folder_stalled_seconds", "gauge", stalled);
    out.sample({}, in_seconds(folders.uploads.glance().stalled_for));
    if (folders.log) {
        out.family("phial_log_folder_stalled_seconds", "gauge", stalled);
        out.sample({}, in_seconds(folders.log->glance().stalled_for));
    }
    if (parts.passwords != nullptr) {
        out.family("phial_password_file_stalled_seconds", "gauge", stalled);
        out.sample({}, in_seconds(parts.passwords->stalled_for()));
    }
}

task<response> show_metrics(observed_parts const &parts, folder_watches &folders, request &) {
    exposition out;
    parts.requests.append_to(out);
    append_connections(out, parts.service);
    append_clients(out, parts);
    append_parts(out, parts);
    append_stalls(out, parts, folders);
    append_process_metrics(out);
    out.family("phial_build_info", "gauge", "What runs here.");
    out.sample({{"version", version()}, {"compiler", compiler()}, {"boost", boost_version()}}, std::uint64_t{1});
    co_return response("text/plain; version=0.0.4; charset=utf-8", out.text());
}

// Stays 200 while the service drains: it does its work, and must not be killed for it.
task<response> is_alive(observed_parts const &parts, request &rq) {
    json_array silent;
    bool alive = true;
    for (std::size_t i = 0; i < parts.serving.size(); ++i) {
        if (parts.serving[i].since_tick() <= longest_silence) continue;
        silent.push_back(i);
        alive = false;
    }
    co_return jsonify(rq, {{"status", alive ? "ok" : "failed"}, {"silent_loops", silent}}).status(alive ? 200 : 503);
}

std::string in_words(folder_state const &folder) {
    if (folder.stalled_for == folder.stalled_for.zero()) return "ok";
    return concat("stalled ", std::chrono::duration_cast<std::chrono::seconds>(folder.stalled_for).count(), " s");
}

// A disk that stands still is told and no more: it may be shared, and no other process would do better. Until it
// answers what it said last holds.
task<response> is_ready(observed_parts const &parts, folder_watches &folders, request &rq) {
    if (folders.log) (void)folders.log->glance(); // both at the same time
    auto const uploads = co_await folders.uploads.look();
    folder_state log{.writable = true};
    if (folders.log) log = co_await folders.log->look();
    bool const listening = parts.service.listening();
    bool const draining = parts.service.stopping();
    bool const ready = listening && !draining && uploads.writable && log.writable;
    auto const word = [](bool right) { return right ? "ok" : "failed"; };
    co_return jsonify(rq, {{"status", word(ready)},
                           {"checks",
                            {{"listening", word(listening)},
                             {"not_draining", word(!draining)},
                             {"upload_folder_writable", word(uploads.writable)},
                             {"log_folder_writable", word(log.writable)}}},
                           {"uploads", in_words(uploads)},
                           {"log", in_words(log)}})
        .status(ready ? 200 : 503);
}

task<response> show_version(request &rq) {
    co_return jsonify(rq, {{"version", version()}, {"compiler", compiler()}, {"boost", boost_version()}});
}

// Few clients, and none of them far away. No handler waits for more than a moment, so that requests need no bound
// beside that of their connections, and what a client has given up makes room soon.
server_options options_of(settings const &set) {
    server_options o;
    o.address = set.ops_address;
    o.port = set.ops_port;
    o.connections = 128;
    o.turned_away = 8;
    o.requests = o.connections;
    o.idle_seconds = 10;
    o.head_seconds = 5;
    o.write_seconds = 5;
    o.drain_seconds = 0;
    return o;
}

} // namespace

handler make_ops(observed_parts const &parts, folder_watches &folders) {
    blueprint bp;
    bp.get<"/metrics">(show_metrics, parts, folders);
    bp.get<"/livez">(is_alive, parts);
    bp.get<"/readyz">(is_ready, parts, folders);
    bp.get<"/version">(show_version);
    router routes;
    routes.mount(std::move(bp));
    return routes;
}

ops_service::ops_service(observed_parts const &parts, logger const &log)
    : parts_(parts),
      folders_{.uploads{loops_[0].get_executor(), parts.set.upload_dir}, .log{}},
      server_(loops_, options_of(parts.set), handle_errors({}, log, make_ops(parts_, folders_))) {
    if (auto const &folder = parts.set.log.folder; !folder.empty())
        folders_.log.emplace(loops_[0].get_executor(), folder);
    server_.listen();
    thread_ = std::jthread([this] { loops_.run(); });
}

ops_service::~ops_service() {
    server_.stop();
    thread_.join();
    server_.release();
}

} // namespace phial
