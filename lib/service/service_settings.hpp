// The settings of every service: where it listens, its limits, its log, its passwords, its operator's listener.
#pragma once

#include "phial/auth/htpasswd.hpp"
#include "phial/compression/compression.hpp"
#include "phial/http/forwarded.hpp"
#include "phial/layers/allowed_hosts.hpp"
#include "phial/layers/cors.hpp"
#include "phial/logging/service_log.hpp"
#include "phial/ops/access_log.hpp"
#include "phial/server/server.hpp"
#include "phial/service/capacity.hpp"
#include "phial/settings/settings_table.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace phial {

/// The one user of a service without a password file, for development: the service accepts it at any address. An app
/// that others may reach asks for --password-file instead.
struct fixed_login {
    std::string name;
    std::string password;
};

/// The defaults are those of --help. An app changes what it wants before add_rows, and gives a name and a version.
struct service_settings {
    std::string name = {};    // in messages, in the field Server and at the beginning of metrics: "phial"
    std::string version = {}; // "0.2.0"

    server_options server = {};
    unsigned threads = 1;
    std::uint64_t body_memory = 0; // bytes that all bodies in memory may hold together
    std::size_t connections_per_client = 0;
    unsigned requests_per_client = 0; // a second; 0: no limit
    host_list allowed_hosts = {};     // none: all
    allowed_origins cors_origins = {};
    compression compress = {};
    bool docs = true;              // whether an app shows its documentation to clients
    networks trusted_proxies = {}; // what server.context.forwarded has is taken from them
    log_options log = {};
    severity log_level = severity::info;
    access_records access_log = access_records::all;
    bool has_operator = false; // whether there is a second listener
    std::string ops_address = "127.0.0.1";
    std::uint16_t ops_port = 0;
    std::string password_file = {};               // empty: none
    std::optional<htpasswd_file> passwords = {};  // its content
    std::optional<fixed_login> without_file = {}; // none: no client can log in then
    std::string without_file_text = "nobody";     // what --help says of that
    machine host = {};
};

/// Adds a row for each setting. `s` outlives the table. The groups are Listening, Clients, Requests, Bodies, Times,
/// Passwords, Logging, Operator and Ending.
void add_rows(settings_table &table, service_settings &s);

/// To be called after table.read(). Derives values that were not given, reads the password file, and adds faults for
/// values that do not fit together.
void complete(settings_table &table, service_settings &s);

/// Whether `address` is one that only this machine can reach.
[[nodiscard]] bool is_loopback(std::string const &address) noexcept;

} // namespace phial
