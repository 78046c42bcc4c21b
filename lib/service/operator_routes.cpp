#include "phial/service/operator_routes.hpp"

#include "phial/http/json.hpp"
#include "phial/ops/build_info.hpp"
#include "phial/ops/process_metrics.hpp"
#include "phial/ops/server_metrics.hpp"
#include "phial/routing/router.hpp"
#include "phial/text/concat.hpp"

#include <chrono>
#include <utility>

namespace phial {
namespace {

// A loop that has not had a tick for this long is blocked by a handler.
constexpr std::chrono::seconds longest_silence{5};

task<response> show_metrics(operated_service const &service, folder_watches &watches, request &) {
    exposition out(service.name);
    for (auto const &append : service.metrics) append(out);
    append_server_metrics(out, service.served);
    append_loop_metrics(out, service.serving);
    for (std::size_t i = 0; i < watches.size(); ++i) {
        out.family(concat("_", service.folders[i].name, "_folder_stalled_seconds"), "gauge",
                   "How long the current look at the folder has lasted; 0: its disk responds.");
        out.sample({}, std::chrono::duration<double>(watches[i].glance().stalled_for).count());
    }
    append_process_metrics(out);
    out.family("_build_info", "gauge", "What runs here.");
    out.sample({{"version", service.version}, {"compiler", compiler()}, {"boost", boost_version()}}, std::uint64_t{1});
    co_return response("text/plain; version=0.0.4; charset=utf-8", out.text());
}

// Stays 200 while the service drains: it still works, and must not be killed.
task<response> is_alive(operated_service const &service, request &rq) {
    json_array silent;
    bool alive = true;
    for (std::size_t i = 0; i < service.serving.size(); ++i) {
        if (service.serving[i].since_tick() <= longest_silence) continue;
        silent.push_back(i);
        alive = false;
    }
    co_return jsonify(rq, {{"status", alive ? "ok" : "failed"}, {"silent_loops", silent}}).status(alive ? 200 : 503);
}

std::string_view word(bool right) noexcept { return right ? "ok" : "failed"; }

std::string in_words(folder_state const &folder) {
    if (folder.stalled_for == folder.stalled_for.zero()) return "ok";
    return concat("stalled ", std::chrono::duration_cast<std::chrono::seconds>(folder.stalled_for).count(), " s");
}

// A disk that has stalled is reported, but does not make the service unready: the disk may be shared, and another
// process would do no better. Until the disk responds, its last state counts.
task<response> is_ready(operated_service const &service, folder_watches &watches, request &rq) {
    for (std::size_t i = 0; i < watches.size(); ++i) (void)watches[i].glance(); // all at the same time
    json_object checks;
    json_object body;
    bool ready = true;
    auto const check = [&](std::string const &name, bool met) {
        checks.set(name, word(met));
        ready = ready && met;
    };
    check("listening", service.served.listening());
    check("not_draining", !service.served.stopping());
    for (auto const &c : service.checks) check(c.name, c.is_met());
    for (std::size_t i = 0; i < watches.size(); ++i) {
        auto const &folder = service.folders[i];
        auto const state = co_await watches[i].look();
        check(folder.name + "_folder_writable", state.writable);
        body.set(folder.label, in_words(state));
    }
    body.set("status", word(ready));
    body.set("checks", checks);
    co_return jsonify(rq, body).status(ready ? 200 : 503);
}

task<response> show_version(operated_service const &service, request &rq) {
    co_return jsonify(rq, {{"version", service.version}, {"compiler", compiler()}, {"boost", boost_version()}});
}

} // namespace

folder_watches::folder_watches(executor const &loop, std::vector<watched_folder> const &folders) {
    for (auto const &folder : folders) all_.emplace_back(loop, folder.path);
}

handler operator_routes(operated_service const &service, folder_watches &watches) {
    blueprint bp;
    bp.get<"/metrics">(show_metrics, service, watches);
    bp.get<"/livez">(is_alive, service);
    bp.get<"/readyz">(is_ready, service, watches);
    bp.get<"/version">(show_version, service);
    router routes;
    routes.mount(std::move(bp));
    return routes;
}

} // namespace phial
