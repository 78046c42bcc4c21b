// The app: all chapters composed into THE handler. main serves it, tests call it.
#pragma once

#include "phial/auth/users.hpp"
#include "phial/errors/error_handlers.hpp"
#include "phial/files/file_store.hpp"
#include "phial/http/handler.hpp"
#include "phial/logging/logger.hpp"

namespace phial {

/// The app's error handlers: the tutorial's 404.
[[nodiscard]] error_handlers app_errors();

/// The whole API. The references outlive the handler.
[[nodiscard]] handler make_app(users const &known, file_store &uploads, logger const &log);

} // namespace phial
