// The main() of a service: reads its settings, and those that every service has.
#pragma once

#include "phial/service/service_settings.hpp"

#include <functional>
#include <span>

namespace phial {

/// Prepares the process, reads the settings, answers --help and --version, and calls `serve` with the settings. The
/// result is the exit status, for main() to return; what `serve` throws is reported (see run_main).
///
///     int main(int argc, char **argv) {
///         return run_service({argv, argv + argc}, {.name = "notes", .version = "1.0.0"}, serve);
///     }
///
/// The values in `defaults` are those of --help. In the environment a setting begins with the name of the service:
/// --log-level is NOTES_LOG_LEVEL. `add_own` adds further rows; what they refer to outlives the call.
[[nodiscard]] int run_service(std::span<char *const> arguments, service_settings defaults,
                              std::function<int(service_settings const &)> const &serve,
                              std::function<void(settings_table &)> const &add_own = {});

} // namespace phial
