#include "phial/service/run_service.hpp"

#include "phial/ops/build_info.hpp"
#include "phial/service/process.hpp"
#include "phial/text/ascii.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

namespace phial {
namespace {

// "my-notes" becomes "MY_NOTES_".
std::string environment_prefix(std::string_view name) {
    std::string prefix;
    for (char const c : name) prefix += is_alpha(c) || is_digit(c) ? to_upper(c) : '_';
    return prefix + '_';
}

} // namespace

int run_service(std::span<char *const> arguments, service_settings defaults,
                std::function<int(service_settings const &)> const &serve,
                std::function<void(settings_table &)> const &add_own) {
    prepare_process();
    auto const flags = arguments.subspan(std::min<std::size_t>(1, arguments.size())); // without the program's name
    return run_main([&] {
        auto &set = defaults;
        settings_table table(environment_prefix(set.name));
        add_rows(table, set);
        if (add_own) add_own(table);
        switch (table.read({flags.begin(), flags.end()})) {
        case settings_table::question::help: std::fputs(table.help().c_str(), stdout); return 0;
        case settings_table::question::version: std::puts(build_info(set.name, set.version).c_str()); return 0;
        case settings_table::question::none: break;
        }
        complete(table, set);
        table.require_no_faults();
        return serve(set);
    });
}

} // namespace phial
