#include "phial/errors/handle_errors.hpp"

#include "phial/errors/error_pages.hpp"
#include "phial/logging/redact.hpp"

#include <cerrno>
#include <memory>
#include <new>
#include <optional>
#include <system_error>

namespace phial {
namespace {

// Bytes of what an error says that are in the access record.
constexpr std::size_t longest_reason = 512;

// The access record says why.
void note_error(request &rq, std::string_view reason) { rq.notes.error = reason.substr(0, longest_reason); }

void log_error(logger const &log, request const &rq, severity level, unsigned status, std::string_view reason) {
    if (!log.writes(level)) return;
    log(rq).log(level, status, " ", rq.head().method_name(), " ", loggable_target(rq.head().target), ": ", reason);
}

// The client causes an error below 500, and it is common: a separate record for each would let any client fill the log.
void note_and_log_error(logger const &log, request &rq, unsigned status, std::string_view reason) {
    note_error(rq, reason);
    log_error(log, rq, status < 500 ? severity::debug : severity::warning, status, reason);
}

void log_exception(logger const &log, request const &rq, std::exception_ptr const &thrown, std::string_view when = "") {
    log(rq).error("Exception on ", rq.path(), " [", to_string(rq.head().method), "]", when, ": ", describe(thrown));
}

void log_broken_stream(logger const &log, request const &rq, std::exception_ptr const &thrown) noexcept {
    try {
        log_exception(log, rq, thrown, ", in the middle of its response");
    } catch (std::bad_alloc const &) { // NOLINT(bugprone-empty-catch): the access record says that it is incomplete
    }
}

// The errno of a system call that failed, 0 when it was something else.
int errno_of(std::exception_ptr const &thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (std::bad_alloc const &) {
        return ENOMEM;
    } catch (std::system_error const &e) {
        auto const &category = e.code().category();
        return category == std::generic_category() || category == std::system_category() ? e.code().value() : 0;
    } catch (...) {
        return 0;
    }
}

// The status code for an errno: a full disk, a lack of memory or descriptors, or anything else.
unsigned status_of(int error) noexcept {
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return 507;
    case ENOMEM:
    case ENOBUFS:
    case EMFILE:
    case ENFILE: return 503;
    default: return 500;
    }
}

response respond_to(error_handlers const &handlers, request &rq, http_error const &e) {
    if (auto const *handler = handlers.find(e.status())) return (*handler)(rq, e);
    return render_error(rq, e);
}

// Debug mode is for a loopback address, but clients from anywhere may come through a trusted proxy.
bool comes_from_elsewhere(request const &rq) noexcept { return rq.notes.peer != nullptr && !rq.client().is_loopback(); }

response respond_to_exception(error_handlers const &handlers, logger const &log, request &rq,
                              std::exception_ptr const &thrown) {
    log_exception(log, rq, thrown);
    auto const status = status_of(errno_of(thrown));
    if (status == 507) return respond_to(handlers, rq, http_error(507));
    if (status == 503) return respond_to(handlers, rq, http_error(503).add("Retry-After", "1"));
    if (rq.debug() && !comes_from_elsewhere(rq)) return render_exception(rq, thrown);
    return respond_to(handlers, rq, http_error(500));
}

response respond_to_cancelled(error_handlers const &handlers, logger const &log, request &rq) {
    http_error const e(rq.notes.cancelled_status,
                       concat(reason_phrase(rq.notes.cancelled_status), ": ", rq.notes.cancelled, "."));
    note_and_log_error(log, rq, e.status(), rq.notes.cancelled);
    return respond_to(handlers, rq, e);
}

using shared_handlers = std::shared_ptr<error_handlers const>;

// The half of the app that calls the handlers.
class error_layer final : public error_responder {
  public:
    error_layer(shared_handlers handlers, logger const &log, handler next)
        : handlers_(std::move(handlers)),
          log_(log),
          next_(std::move(next)) {}

    outcome call(request &rq) const noexcept {
        try {
            auto result = next_.call(rq);
            if (auto const *const e = result.error()) return logged(rq, [&] { return respond_to_error(rq, *e); });
            if (result.pending() == nullptr) responded(rq);
            result.guard(*this);
            return result;
        } catch (http_error const &e) {
            return respond_to_thrown(rq, e);
        } catch (...) {
            return respond_to_thrown(rq, std::current_exception());
        }
    }

    std::optional<response> respond_to(request &rq, http_error const &thrown) const noexcept override {
        return respond_to_thrown(rq, thrown);
    }
    std::optional<response> respond_to(request &rq, std::exception_ptr const &thrown) const noexcept override {
        return respond_to_thrown(rq, thrown);
    }

    void responded(request &rq) const noexcept override {
        if (rq.notes.failure) log_exception(log_, rq, rq.notes.failure);
    }

  private:
    response respond_to_thrown(request &rq, http_error const &thrown) const noexcept {
        return logged(rq, [&] {
            if (!rq.notes.cancelled.empty()) return respond_to_cancelled(*handlers_, log_, rq);
            return respond_to_error(rq, thrown);
        });
    }

    response respond_to_thrown(request &rq, std::exception_ptr const &thrown) const noexcept {
        return logged(rq, [&] {
            if (!rq.notes.cancelled.empty()) return respond_to_cancelled(*handlers_, log_, rq);
            return respond_to_exception(*handlers_, log_, rq, thrown);
        });
    }

    response respond_to_error(request &rq, http_error const &e) const {
        note_and_log_error(log_, rq, e.status(), e.what());
        return phial::respond_to(*handlers_, rq, e);
    }

    template <class F>
    response logged(request &rq, F respond) const noexcept {
        try {
            responded(rq); // if there is a failure, its error handler has failed too
            return respond();
        } catch (...) { // an error handler failed, or there is no memory
            log_exception(log_, rq, std::current_exception());
            return response(500);
        }
    }

    shared_handlers handlers_;
    logger const &log_;
    handler next_;
};

class refusing {
  public:
    refusing(shared_handlers handlers, logger const &log) : handlers_(std::move(handlers)), log_(log) {}

    response operator()(request &rq) const {
        auto const [status, reason] = rq.notes.refused;
        note_error(rq, reason);
        log_error(log_, rq, severity::debug, status, reason); // those of 503 and 501 are the client's, too
        return respond_to(*handlers_, rq, http_error(status, concat(reason_phrase(status), ": ", reason, ".")));
    }

  private:
    shared_handlers handlers_;
    logger const &log_;
};

} // namespace

app handle_errors(error_handlers handlers, logger const &log, handler next) {
    auto const shared = std::make_shared<error_handlers const>(std::move(handlers));
    // An outcome refers to the layer, so the layer stays where it is.
    auto layer = std::make_unique<error_layer const>(shared, log, std::move(next));
    return {
        .respond = [layer = std::move(layer)](request &rq) { return layer->call(rq); },
        .refuse = refusing(shared, log),
        .failed = [&log](request const &rq, std::exception_ptr const &thrown) { log_broken_stream(log, rq, thrown); }};
}

} // namespace phial
