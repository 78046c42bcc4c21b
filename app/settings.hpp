// What can be set: flags, environment, a file; in that order.
#pragma once

#include "phial/auth/htpasswd.hpp"
#include "phial/files/file_store.hpp"
#include "phial/http/forwarded.hpp"
#include "phial/logging/service_log.hpp"
#include "phial/ops/access_log.hpp"
#include "phial/runtime/cpu.hpp"
#include "phial/runtime/memory.hpp"
#include "phial/runtime/open_files.hpp"
#include "phial/server/server.hpp"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace phial {

/// What the defaults depend on.
struct machine {
    unsigned cpus = usable_cpus();
    std::uint64_t memory = usable_memory();
    std::uint64_t open_files = raise_open_files();
};

struct settings {
    server_options server;
    unsigned threads = 1;
    std::uint64_t body_memory = 0; // bytes that all bodies in memory may hold together
    std::string upload_dir = ".";
    file_options uploads;
    log_options log;
    severity log_level = severity::info;
    access_records access_log = access_records::all;
    std::string ops_address = "127.0.0.1";
    std::uint16_t ops_port = 0;
    bool ops = false; // whether there is a second listener, for the operator
    bool demo_credentials = false;
    std::string password_file;              // empty: none
    std::optional<htpasswd_file> passwords; // what is in it
    networks trusted_proxies;               // whose word about the client is taken; none
    std::size_t connections_per_client = 0; // at once; if nobody says it, half of all

    bool show_help = false; // nothing else was looked at then
    bool show_version = false;
};

/// Everything that is wrong with the settings: a line each.
class settings_error : public std::runtime_error {
  public:
    explicit settings_error(std::vector<std::string> mistakes);
    [[nodiscard]] std::vector<std::string> const &mistakes() const noexcept { return mistakes_; }

  private:
    std::vector<std::string> mistakes_;
};

/// Reads the settings from `arguments` (without the program's name), the environment (PHIAL_PORT for --port; names of
/// no setting are ignored) and the file that --config names. Checks them against each other and against the machine (do
/// the folders exist, who is in the file of passwords). Throws settings_error.
[[nodiscard]] settings read_settings(std::vector<std::string> const &arguments, machine const &on = {});

/// What --help prints.
[[nodiscard]] std::string help_text();

} // namespace phial
