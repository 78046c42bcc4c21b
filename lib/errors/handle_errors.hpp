// Exceptions become responses here.
#pragma once

#include "phial/errors/error_handlers.hpp"
#include "phial/http/handler.hpp"
#include "phial/logging/logger.hpp"

namespace phial {

/// A handler that answers every exception of `next`: an http_error by its handler in `handlers`, or as render_error
/// does it; 503 when the server cancelled the request; everything else is logged ("Exception on <path> [<METHOD>]") and
/// becomes a 500 (507 when a disk is full, 503 when there is no memory or no file descriptor left), with the detail in
/// debug mode only. Nothing gets through it. `log` outlives the handler.
[[nodiscard]] handler handle_errors(error_handlers handlers, logger const &log, handler next);

/// The same for what the server refuses before any handler sees it (an overload is not logged, it is counted). Both
/// arguments outlive the result.
[[nodiscard]] refuser refuse_by(error_handlers const &handlers, logger const &log);

/// Answers what `answer` throws by `handlers`, if they have a handler for it, and passes on what they have none for. A
/// handler of 500 answers every exception that is no http_error.
task<response> with_handlers(error_handlers const &handlers, request &rq, task<response> answer);

} // namespace phial
