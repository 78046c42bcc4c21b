// Turns exceptions into responses.
#pragma once

#include "phial/errors/error_handlers.hpp"
#include "phial/http/handler.hpp"
#include "phial/logging/logger.hpp"

namespace phial {

/// The app that calls `next`, with one registry of error handlers for everything that goes wrong.
///
/// It responds to every exception of `next`: to an http_error with its handler in `handlers`, or as render_error does;
/// with request_notes::cancelled_status (503, 499) when the server cancelled the request. Everything else is logged
/// ("Exception on <path> [<METHOD>]") and becomes a 500 (507 when a disk is full, 503 when there is no memory or no
/// file descriptor left), with the detail in debug mode only. No exception gets through it.
///
/// What the server rejects gets the same pages (an overload is not logged, but counted). `log` outlives the app.
///
///     app a = handle_errors({{404, not_found}}, log, std::move(routes));
[[nodiscard]] app handle_errors(error_handlers handlers, logger const &log, handler next);

} // namespace phial
