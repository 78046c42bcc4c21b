#include "phial/service/service_settings.hpp"

#include "phial/text/concat.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace phial {
namespace {

// A list of some kind, whose constructor says what is wrong with a text.
template <class List>
setting list(std::string_view name, List &place, std::string_view argument, std::string_view help,
             std::string_view default_text = "none") {
    auto read = [&place](std::string const &text) -> std::optional<std::string> {
        try {
            place = List(text);
            return std::nullopt;
        } catch (std::invalid_argument const &e) {
            return e.what();
        }
    };
    return {.name = std::string(name),
            .argument = std::string(argument),
            .help = std::string(help),
            .default_text = std::string(default_text),
            .assign = std::move(read)};
}

void add_listening(settings_table &table, service_settings &s) {
    table.group("Listening");
    table.add(ip_address("address", s.server.address, "IPv4 or IPv6 address to listen on; :: serves IPv4 as well"));
    table.add(count("port", s.server.port, 0, 65535, "port to listen on; 0: any free one, printed at start"));
    auto &context = s.server.context;
    table.add(list("trusted-proxies", s.trusted_proxies, "NETWORKS",
                   "networks (CIDRs, comma-separated) of trusted proxies: what --forwarded names is taken from their "
                   "header fields"));
    table.add(list("forwarded", context.forwarded, "PARTS",
                   "what Forwarded and X-Forwarded-... of trusted proxies say (for, proto, host, port, prefix); name "
                   "only what the proxy sets itself",
                   "for"));
    table.add(words("root-path", context.root_path, "PATH",
                    "path under which a proxy publishes the service and that it takes off the requests, unless it "
                    "sends X-Forwarded-Prefix"));
    table.add(yes_no("proxy-protocol", s.server.proxy_protocol,
                     "connections of trusted proxies begin with a PROXY header (version 1 or 2), or are closed"));
    table.add(list("hsts", s.server.hsts, "SECONDS",
                   "for responses to https: browsers use nothing but TLS for this time ('31536000; "
                   "includeSubDomains'); 0: they forget it",
                   "no"));
    table.add(count("threads", s.threads, 1, 1024, "event loops, one thread each")
                  .with_default("as many CPUs as the cgroup's quota allows"));
}

void add_clients(settings_table &table, service_settings &s) {
    table.group("Clients");
    table.add(count("max-connections", s.server.connections, 1, 1'000'000, "open connections; above: 503")
                  .with_default("10000, or less when fewer files may be open, or when at 96KiB each they would fill a "
                                "quarter of the memory"));
    table.add(count("max-connections-per-client", s.connections_per_client, 1, 1'000'000,
                    "open connections of one client (an IPv4 address, an IPv6 network of 64 bits; proxies in "
                    "--trusted-proxies are excepted); above: 503")
                  .with_default("half of --max-connections"));
    table.add(
        count("max-rate", s.requests_per_client, 1, 1'000'000,
              "requests of one client, a second, and at once; above: 429. A request that a trusted proxy passes on "
              "is of the client that it names")
            .with_default("no limit"));
    table.add(count("max-requests", s.server.requests, 1, 1'000'000,
                    "requests that the service works on; waiting for a slow client is not work; above: 503"));
}

void add_requests(settings_table &table, service_settings &s) {
    auto &limits = s.server.context.limits;
    table.group("Requests");
    table.add(bytes("max-request-line", limits.request_line, 256, largest_head, "request line; longer: 414"));
    table.add(bytes("max-head", limits.head, 512, largest_head, "header section with its request line; larger: 431"));
    table.add(count("max-fields", limits.fields, 8, 10'000, "field lines of a header section; more: 431"));
    table.add(
        yes_no("debug", s.server.context.debug, "show errors in detail to every client; on a loopback address only"));
    table.add(list("allowed-hosts", s.allowed_hosts, "HOSTS",
                   "names (comma-separated, *.example for all below one) that the service answers to; others: 421",
                   "any"));
    table.add(list("cors-origins", s.cors_origins, "ORIGINS",
                   "origins (comma-separated, or * for all) whose pages may read responses in a browser"));
    using enum compression::codings;
    table.add(word("compress", s.compress.offered, {{"off", none}, {"gzip", gzip}, {"all", all}},
                   "codings of responses for clients that accept them: gzip, or also br and zstd"));
    table.add(bytes("compress-min", s.compress.least, 1, gib, "smaller contents are not compressed"));
    table.add(yes_no("docs", s.docs, "show /docs and /openapi.json, the documentation of all routes, to every client"));
}

void add_bodies(settings_table &table, service_settings &s) {
    auto &limits = s.server.context.limits;
    table.group("Bodies");
    table.add(bytes("body-memory", s.body_memory, 64 * kib, 1024 * gib,
                    "memory for all bodies that are held whole, and what is made of them; above: 503, or 413 when one "
                    "request needs more")
                  .with_default("a quarter of what the cgroup allows"));
    table.add(bytes("max-body", limits.body_in_memory, 1, 16 * gib,
                    "largest body held in memory (text, JSON, forms); larger: 413"));
    table.add(bytes("upload-limit", limits.body, 1, 1024 * 1024 * gib, "largest body of any kind; larger: 413"));
    table.add(bytes("max-unread-body", limits.unread_body, 0, gib,
                    "how much of a rejected request's body is read so that the connection can be used again"));
    table.add(bytes("max-chunk-line", limits.chunk_line, 16, gib, "chunk size with its extensions; longer: 400"));
    table.add(
        bytes("max-chunk-extensions", limits.chunk_extensions, 0, gib, "all chunk extensions of a body; more: 400"));
    table.add(bytes("max-trailers", limits.trailers, 2, gib, "all trailers of a body; more: 431"));
    table.add(count("max-json-depth", limits.json_depth, 1, 100'000,
                    "depth of arrays and objects inside each other; deeper: 400"));
    table.add(count("max-parts", limits.parts, 1, gib, "parts of a multipart body, pairs of a form; more: 413"));
    table.add(bytes("max-part-head", limits.part_head, 64, gib, "header section of a part; larger: 413"));
    table.add(count("max-part-lines", limits.part_lines, 1, gib, "field lines of a part; more: 413"));
    table.add(
        bytes("max-part-name", limits.part_name, 1, gib, "name, file name or content type of a part; longer: 413"));
}

void add_times(settings_table &table, service_settings &s) {
    auto &o = s.server;
    table.group("Times");
    table.add(seconds("head-timeout", o.head_seconds, 1, day, "for a header section to arrive; longer: 408"));
    table.add(seconds("idle-timeout", o.idle_seconds, 1, day, "between requests"));
    table.add(seconds("handler-timeout", o.handler_seconds, 1, day,
                      "for the service to respond, counted from the last part of the body that it read; longer: 503"));
    table.add(bytes(
        "min-rate", o.least_rate, 0, gib,
        "bytes a second, of a body that is received (slower: 408) and of a response that is sent (slower: reset)"));
    table.add(seconds("body-grace", o.body_grace_seconds, 0, day, "until a body must keep --min-rate"));
    table.add(seconds("max-hold", o.hold_seconds, 1, day,
                      "for a client to send a body, or to receive a response, that is held in memory: the least rate "
                      "grows with its size"));
    table.add(seconds("write-timeout", o.write_seconds, 1, day,
                      "for a client that receives nothing of its response, and until it must keep --min-rate"));
    table.add(seconds("linger-timeout", o.linger_seconds, 0, day,
                      "the rest of a rejected request is read, so that the client receives the response: until nothing "
                      "arrives for this time"));
    table.add(seconds("linger-time", o.linger_whole_seconds, 0, day, "the same, in total"));
    table.add(bytes("max-linger", o.linger_bytes, 0, 1024 * 1024 * gib,
                    "bytes that are read and dropped in that time, never more than the request announced")
                  .with_default("that of --upload-limit, 64MiB at least"));
}

void add_passwords(settings_table &table, service_settings &s) {
    table.group("Passwords");
    table.add(words("password-file", s.password_file, "FILE",
                    "users and hashes: lines of 'name:hash', made by htpasswd -B; read again when it changes")
                  .with_default(s.without_file_text));
}

void add_log(settings_table &table, service_settings &s) {
    table.group("Logging");
    table.add(folder("log-dir", s.log.folder, concat("where ", s.log.name, ".log is written; empty: no file")));
    table.add(word("log-format", s.log.format, {{"text", log_format::text}, {"json", log_format::json}},
                   concat("how records are written, to ", s.log.name, ".log and stdout")));
    auto const level = [](severity l) { return std::pair(to_string(l), l); };
    table.add(word("log-level", s.log_level,
                   {level(severity::debug), level(severity::info), level(severity::warning), level(severity::error),
                    level(severity::critical)},
                   "lowest level that is written"));
    table.add(word("access-log", s.access_log,
                   {{"off", access_records::off}, {"errors", access_records::errors}, {"all", access_records::all}},
                   "which requests get a record"));
    table.add(bytes("log-rotate-size", s.log.rotate.bytes, kib, 1024 * gib,
                    concat(s.log.name, ".log is renamed before it would become larger than this, to ", s.log.name,
                           "-<time>-<number>.log")));
    table.add(seconds("log-rotate-interval", s.log.rotate.interval, 0, 366 * day,
                      "it is also renamed when this time is over, counted from midnight UTC; 0: never"));
    table.add(count("log-keep", s.log.rotate.kept, 0, 100'000,
                    "renamed log files that are kept; the oldest of the others are removed"));
}

void add_operator(settings_table &table, service_settings &s) {
    table.group("Operator");
    table.add(ip_address("ops-address", s.ops_address, "IPv4 or IPv6 address of --ops-port"));
    table.add(count("ops-port", s.ops_port, 0, 65535,
                    "second port, for /metrics, /livez, /readyz and /version; 0: any free one, printed at start")
                  .with_default("no such port"));
}

void add_ending(settings_table &table, service_settings &s) {
    table.group("Ending");
    table.add(seconds("drain-delay", s.server.drain_delay_seconds, 0, day,
                      "how long connections are still accepted after SIGTERM"));
    table.add(seconds("drain-timeout", s.server.drain_seconds, 0, day,
                      "how long requests may finish after that; those that remain get 503"));
}

} // namespace

void add_rows(settings_table &table, service_settings &s) {
    s.threads = s.host.cpus;
    s.body_memory = s.host.memory / 4;
    s.server.connections = default_connections(s.host, s.server.connections);
    add_listening(table, s);
    add_clients(table, s);
    add_requests(table, s);
    add_bodies(table, s);
    add_times(table, s);
    add_passwords(table, s);
    add_log(table, s);
    add_operator(table, s);
    add_ending(table, s);
}

} // namespace phial
