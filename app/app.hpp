// The app: all chapters composed into THE handler. main serves it, tests call it.
#pragma once

#include "auth/users.hpp"
#include "errors/error_handlers.hpp"
#include "files/file_store.hpp"
#include "http/handler.hpp"
#include "logging/logger.hpp"

namespace phial {

/// The app's error handlers: the tutorial's 404.
[[nodiscard]] error_handlers app_errors();

/// The whole API. The references outlive the handler.
[[nodiscard]] handler make_app(users const &known, file_store &uploads, logger const &log);

} // namespace phial
