// The settings of the app: those of every service, and those of its uploads, its static files and its demo user.
#pragma once

#include "phial/files/file_store.hpp"
#include "phial/service/service_settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace phial {

struct settings {
    service_settings service;
    std::string upload_dir = ".";
    file_options uploads;
    std::string static_dir = {}; // empty: none
    bool demo_credentials = false;
};

/// Reads the settings from `arguments` (without the program's name), the environment (PHIAL_PORT for --port) and the
/// file that --config names, and checks them against each other and the machine. Returns the text to print instead of
/// serving, when --help or --version asks for one. Throws settings_error.
[[nodiscard]] std::optional<std::string> read_settings(settings &s, std::vector<std::string> const &arguments);

} // namespace phial
