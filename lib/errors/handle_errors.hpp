// Exceptions become responses here.
#pragma once

#include "phial/errors/error_handlers.hpp"
#include "phial/http/handler.hpp"
#include "phial/logging/logger.hpp"

namespace phial {

/// The app around `next`, with one registry of error handlers for all that goes wrong.
///
/// It responds to every exception of `next`: to an http_error by its handler in `handlers`, or as render_error does it;
/// with 503 when the server cancelled the request; everything else is logged ("Exception on <path> [<METHOD>]") and
/// becomes a 500 (507 when a disk is full, 503 when there is no memory or no file descriptor left), with the detail in
/// debug mode only. Nothing gets through it.
///
/// What the server refuses has the same pages (an overload is not logged, it is counted). `log` outlives the app.
///
///     app a = handle_errors({{404, not_found}}, log, std::move(routes));
[[nodiscard]] app handle_errors(error_handlers handlers, logger const &log, handler next);

/// Answers what `answer` throws by `handlers`, if they have a handler for it, and passes on what they have none for. A
/// handler of 500 answers every exception that is no http_error.
task<response> with_handlers(error_handlers const &handlers, request &rq, task<response> answer);

} // namespace phial
