// Settings, log, parts, serve.
#include "app/app.hpp"
#include "app/ops.hpp"
#include "app/settings.hpp"
#include "phial/auth/htpasswd_users.hpp"
#include "phial/auth/login_trail.hpp"
#include "phial/backtrace/stack_trace.hpp"
#include "phial/files/temporary_file.hpp"
#include "phial/hooks/memory_reserve.hpp"
#include "phial/http/clients.hpp"
#include "phial/logging/fatal_signals.hpp"
#include "phial/logging/record.hpp"
#include "phial/logging/service_log.hpp"
#include "phial/ops/build_info.hpp"
#include "phial/runtime/bounded_end.hpp"
#include "phial/runtime/cpu.hpp"
#include "phial/runtime/open_files.hpp"
#include "phial/runtime/signals.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "phial/server/server.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <malloc.h>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <utility>
#include <vector>

namespace {

using namespace phial;

// Threads that wait for disks.
constexpr unsigned pool_threads = 4;

// How long all threads have to end when the last client was answered, and for how much of it disks are waited for
// before the log says that one stands still.
constexpr std::chrono::seconds longest_end{5};
constexpr std::chrono::seconds disk_patience{3};

// Threads that check passwords: so many wrong ones come as somebody cares to send, and half the CPUs are for the rest,
// which goes first.
unsigned check_threads() { return std::max(1U, usable_cpus() / 2); }
constexpr int check_niceness = 10;

// Blocks above this many bytes (whole bodies) go back to the system when they are freed. glibc would raise the
// threshold to the largest block it has seen, and keep what many large bodies have left.
constexpr int large_block = 256 * 1024;

// Somebody moved app.log away and asks for a new one.
void reopen(service_log &sink, logger const &log) {
    if (auto const failure = sink.reopen())
        log.error("SIGHUP: app.log cannot be opened, the old file is written on: ", failure.message());
    else
        log.info("SIGHUP: app.log was opened anew");
}

// What signals are for. The first SIGTERM or SIGINT lets the server answer what is under way, or is remembered until
// there is one; the second ends the process at once, wherever it is.
class signal_target {
  public:
    struct parts {
        server &served;
        service_log &sink;
        logger const &log;
    };

    void take(int signal) {
        if (signal != SIGHUP && asked_.exchange(signal) != 0) std::_Exit(128 + signal);
        std::lock_guard const lock(mutex_);
        if (!parts_) return;
        if (signal == SIGHUP)
            reopen(parts_->sink, parts_->log);
        else
            stop(signal);
    }

    // They serve from now on, until end() returns.
    void begin(parts all) {
        std::lock_guard const lock(mutex_);
        parts_.emplace(all);
        if (asked_ != 0) stop(asked_);
    }
    void end() {
        std::lock_guard const lock(mutex_);
        parts_.reset();
    }

  private:
    void stop(int signal) {
        if (parts_->served.stopping()) return;
        parts_->served.stop();
        parts_->log.info("signal ", signal, ": answering what is under way, then ending");
    }

    std::mutex mutex_; // of the parts
    std::optional<parts> parts_;
    std::atomic<int> asked_ = 0;
};

// Overload comes in floods of refusals: a record a second says how many.
void report_overload(loop &on, server const &s, logger const &log) {
    on.on_tick([&s, &log, reported = std::uint64_t{0}]() mutable {
        auto const now = s.counts().overloads;
        if (now != reported) log.warning("overload: ", now - std::exchange(reported, now), " answers of 503");
    });
}

// Who has too many connections is named: it may be a proxy that nobody told us of.
void report_clients(loop &on, clients &all, std::size_t most, logger const &log) {
    on.on_tick([&all, &log, most] {
        for (auto const &who : all.take_refused())
            log.warning("client ", who.to_string(), " has ", most, most == 1 ? " connection" : " connections",
                        ", more are answered 503 (--max-connections-per-client). If that is a proxy, name it in "
                        "--trusted-proxies");
    });
}

void report_counts(server_counts const &n, logger const &log) {
    if (n.gone_clients != 0) log.info("clients that went away before their answer: ", n.gone_clients);
    log.info("ended: ", n.requests, " requests on ", n.connections, " connections; 503: ", n.overloads,
             "; cut off for slowness: ", n.slow_heads, " heads, ", n.slow_bodies, " bodies, ", n.slow_readers,
             " readers, ", n.slow_handlers, " handlers");
}

void tell_where(server const &s, std::string const &ops, settings const &set, service_log &sink, logger const &log) {
    auto const url = s.url();
    if (set.log.format == log_format::json) {
        std::array<attribute, 2> const where{{{"url", url}, {"ops_url", ops}}};
        // At any level, as in text.
        sink.write(severity::info, "listening on " + url, std::span(where).first(ops.empty() ? 1 : 2));
    } else {
        if (!ops.empty()) sink.announce(concat("ops on ", ops, "\n"));
        sink.announce(concat("listening on ", url, "\n"));
    }
    log.info("phial ", version(), " serves ", url, " on ", set.threads, set.threads == 1 ? " thread" : " threads",
             "; uploads go to ", set.upload_dir, " (", set.uploads.most, " at once, ", set.uploads.space,
             " bytes), the log to ", set.log.folder.empty() ? "no file" : set.log.folder);
    if (set.passwords)
        log.info("who may log in: ", set.passwords->table->size(), " of ", set.password_file);
    else
        log.warning("the tutorial's user admin/secret may log in: everybody knows that password");
    if (set.uploads.survives == durability::none)
        log.warning("--durability none: an upload that was answered may be lost in a power cut");
    if (set.server.traits.debug) log.warning("debug mode: errors are shown in detail to every client");
}

// What keeps a listener from listening is a mistake of its port or its address. `prefix` is of their names.
template <class Listen>
void listen_as(std::string_view prefix, std::vector<std::string> &mistakes, Listen listen) {
    using enum listen_error::reason;
    try {
        listen();
    } catch (listen_error const &e) {
        auto const complain = [&](std::string_view name, std::string_view what_to_do) {
            mistakes.push_back(concat("--", prefix, name, ": ", e.what(), ". ", what_to_do));
        };
        switch (e.why()) {
        case port_taken: return complain("port", "Stop it, or choose another port");
        case port_forbidden: return complain("port", "Ports below 1024 need privileges: choose a higher one");
        case address: return complain("address", "Choose an address of this machine");
        case other: throw;
        }
    }
}

// What counts and logs the requests of a loop; none when nobody would read what it finds.
make_observer observers(settings const &set, request_metrics &requests, log_sink &sink) {
    auto const which = set.log_level > severity::info ? access_records::off : set.access_log; // they are information
    if (!set.ops && which == access_records::off) return {};
    return [&set, &requests, &sink, which] {
        return std::make_unique<loop_observer>(requests.add_loop(), access_log(sink, which, set.trusted_proxies));
    };
}

// The pools whose jobs wait for disks. False: one stands still.
bool disks_answer(worker_pool &uploads, worker_pool &password_reads) {
    auto const until = std::chrono::steady_clock::now() + disk_patience;
    auto const idle = [until](worker_pool &p) { return p.wait_until_idle(until - std::chrono::steady_clock::now()); };
    return idle(uploads) && idle(password_reads);
}

// What keeps the log from being opened is a mistake of its folder.
std::unique_ptr<service_log> open_log_as_set(log_options const &options) {
    try {
        return open_log(options);
    } catch (log_error const &e) {
        throw settings_error({concat("--log-dir: ", e.what(),
                                     ". Create its folder or make it writable, or choose another (empty: no file)")});
    }
}

int serve(settings const &set) {
    blocked_signals const signals({SIGTERM, SIGINT, SIGHUP}); // before there are threads
    signal_target target;
    signal_watcher const watcher(signals, [&target](int signal) { target.take(signal); }); // also while the log ends
    stack_capture const capture(set.server.traits.debug); // for the page of an exception
    bounded_end end;
    auto const sink = open_log_as_set(set.log);
    fatal_signals const crashes;
    logger const log(*sink, set.log_level);
    worker_pool pool(pool_threads); // they outlive the loops, which use them
    worker_pool computing(set.threads);
    worker_pool checks(set.passwords ? check_threads() : 0, check_niceness);
    worker_pool password_reads(set.passwords ? 1 : 0);
    auto const removed = remove_abandoned(set.upload_dir); // what a killed process has left
    file_store uploads(pool, set.upload_dir, set.uploads);
    clients known_clients({.connections = set.connections_per_client}, set.trusted_proxies);
    login_trail trail(sink->logins(), known_clients);
    single_user const demo("admin", "secret", &trail); // the tutorial's
    std::optional<htpasswd_users> file;
    if (set.passwords)
        file.emplace(set.password_file, *set.passwords, checks, password_reads, known_clients, &trail, log,
                     htpasswd_limits{.turns = {.at_once = check_threads()}});
    users const &known = file ? static_cast<users const &>(*file) : demo;

    quota body_memory(set.body_memory);
    auto all = std::make_optional<loops>(set.threads);
    auto options = set.server;
    options.known_clients = &known_clients;
    options.traits.proxies = &set.trusted_proxies;
    options.traits.body_memory = &body_memory;
    options.traits.computing = &computing;
    options.memory_is_low = memory_reserve_is_low;
    request_metrics requests; // outlives what counts
    server s(*all, std::move(options), make_app(known, uploads, log), observers(set, requests, *sink));
    std::optional<ops_service> ops; // it accepts before the service does, and answers until that has ended
    std::vector<std::string> mistakes;
    if (set.ops)
        listen_as("ops-", mistakes, [&] {
            ops.emplace(observed_parts{set, *all, s, requests, uploads, known_clients, known, file ? &*file : nullptr,
                                       pool, checks, computing, *sink},
                        log);
        });
    listen_as("", mistakes, [&] { s.listen(); });
    if (!mistakes.empty()) throw settings_error(std::move(mistakes));
    report_overload((*all)[0], s, log);
    report_clients((*all)[0], known_clients, set.connections_per_client, log);
    (*all)[0].on_tick([&trail] { trail.tick(); });
    if (file) (*all)[0].on_tick([&file] { file->look_again(); });
    // Nothing is logged before, so that it is the first line.
    tell_where(s, ops ? ops->url() : "", set, *sink, log);
    if (removed != 0) log.info("removed what was left of ", removed, " uploads");
    target.begin({s, *sink, log});
    all->run();
    target.end();
    end.begin(longest_end, "phial: a thread does not end, as when a disk stands still: not waited for any longer");
    if (file) file->give_up();
    computing.wait_until_idle();
    checks.wait_until_idle();
    if (!disks_answer(pool, password_reads))
        log.error("a disk stands still: the service ends without what it was to do there");
    s.release();
    trail.summarise();
    report_counts(s.counts(), log);
    ops.reset();
    pool.wait_until_idle();
    password_reads.wait_until_idle();
    all.reset(); // connections that were given up end with their loops, and the server they belong to after them
    return 0;
}

} // namespace

int main(int argc, char **argv) {
    occupy_standard_files();
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGHUP, SIG_IGN); // so that one that nobody waits for does not end the service; sigwait takes it anyway
    // As process 1 of a container phial is given the children of others when these end. It has none of its own to wait
    // for, so the kernel may take them away when they end too; those that have ended already are waited for here.
    std::signal(SIGCHLD, SIG_IGN);
    while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
    std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error of its write, not the end
    ::mallopt(M_MMAP_THRESHOLD, large_block);
    try {
        auto const set = read_settings({argv + 1, argv + argc});
        if (set.show_help) {
            std::fputs(help_text().c_str(), stdout);
            return 0;
        }
        if (set.show_version) {
            std::puts(build_info().c_str());
            return 0;
        }
        return serve(set);
    } catch (settings_error const &e) {
        for (auto const &mistake : e.mistakes()) std::fprintf(stderr, "phial: %s\n", one_line(mistake).c_str());
        return 2;
    } catch (std::exception const &e) {
        std::fprintf(stderr, "phial: %s\n", one_line(e.what()).c_str());
        return 1;
    }
}
