// Settings from the flags of a test.
#pragma once

#include "app/settings.hpp"

#include <string>
#include <vector>

namespace phial::testing {

using arguments = std::vector<std::string>;

/// Throws settings_error. `on`: what the defaults are made for.
inline settings settings_of(arguments const &args, machine const &on = {}) {
    settings s;
    s.service.host = on;
    (void)read_settings(s, args);
    return s;
}

} // namespace phial::testing
