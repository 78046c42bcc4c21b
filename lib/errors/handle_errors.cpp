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

// The method as it was sent, cut when it is longer than any known one; or OpenTelemetry's word for one that could not
// be read.
std::string_view sent_method(request_head const &head) {
    constexpr std::size_t longest = 32;
    if (head.is_known) return to_string(head.method);
    return head.method_sent.empty() ? "_OTHER" : head.method_sent.substr(0, longest);
}

void log_error(logger const &log, request const &rq, severity level, unsigned status, std::string_view reason) {
    if (!log.writes(level)) return;
    log(rq).log(level, status, " ", sent_method(rq.head()), " ", loggable_target(rq.head().target), ": ", reason);
}

void log_error(logger const &log, request const &rq, unsigned status, std::string_view reason) {
    log_error(log, rq, status < 500 ? severity::info : severity::warning, status, reason);
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
    log_error(log, rq, e.status(), rq.notes.cancelled);
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

    // The client causes an error below 500, and it is common: the access record says why, and a separate record for
    // each would let any client fill the log.
    response respond_to_error(request &rq, http_error const &e) const {
        log_error(log_, rq, e.status() < 500 ? severity::debug : severity::warning, e.status(), e.what());
        rq.notes.error = std::string_view(e.what()).substr(0, longest_reason);
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
        // Of some there are too many to log: they are counted, and access records say why.
        if (status == 503 || status == 429)
            rq.notes.error = reason;
        else
            log_error(log_, rq, status, reason);
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
