#include "phial/errors/handle_errors.hpp"

#include "phial/errors/error_pages.hpp"
#include "phial/http/redact.hpp"

#include <cerrno>
#include <memory>
#include <new>
#include <system_error>

namespace phial {
namespace {

// The method as it was sent, cut when it is longer than any known one; or OpenTelemetry's word for one that could not
// be read.
std::string_view sent_method(request_head const &head) {
    constexpr std::size_t longest = 32;
    if (head.is_known) return to_string(head.method);
    return head.method_sent.empty() ? "_OTHER" : head.method_sent.substr(0, longest);
}

void log_error(logger const &log, request const &rq, unsigned status, std::string_view reason) {
    log(rq).log(status < 500 ? severity::info : severity::warning, status, " ", sent_method(rq.head()), " ",
                loggable_target(rq.head().target), ": ", reason);
}

void log_exception(logger const &log, request const &rq, std::exception_ptr const &thrown) {
    log(rq).error("Exception on ", rq.path(), " [", to_string(rq.head().method), "]: ", describe(thrown));
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

response respond_to_exception(error_handlers const &handlers, logger const &log, request &rq,
                              std::exception_ptr const &thrown) {
    log_exception(log, rq, thrown);
    auto const status = status_of(errno_of(thrown));
    if (status == 507) return respond_to(handlers, rq, http_error(507));
    if (status == 503) return respond_to(handlers, rq, http_error(503).add("Retry-After", "1"));
    if (rq.debug()) return render_exception(rq, thrown);
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
class error_layer {
  public:
    error_layer(shared_handlers handlers, logger const &log, handler next)
        : handlers_(std::move(handlers)),
          log_(log),
          next_(std::move(next)) {}

    task<response> operator()(request &rq) const {
        std::exception_ptr thrown;
        try {
            auto rs = co_await next_(rq);
            if (rq.notes.failure) log_exception(log_, rq, rq.notes.failure);
            co_return rs;
        } catch (...) {
            thrown = std::current_exception();
        }
        co_return handle(rq, thrown);
    }

  private:
    response handle(request &rq, std::exception_ptr const &thrown) const noexcept {
        try {
            if (rq.notes.failure) log_exception(log_, rq, rq.notes.failure); // its error handler failed
            if (!rq.notes.cancelled.empty()) return respond_to_cancelled(*handlers_, log_, rq);
            try {
                std::rethrow_exception(thrown);
            } catch (http_error const &e) {
                log_error(log_, rq, e.status(), e.what());
                return respond_to(*handlers_, rq, e);
            } catch (...) {
                return respond_to_exception(*handlers_, log_, rq, thrown);
            }
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

    task<response> operator()(request &rq) const {
        auto const [status, reason] = rq.notes.refused;
        if (status != 503) log_error(log_, rq, status, reason); // too many to log: they are counted
        co_return respond_to(*handlers_, rq, http_error(status, concat(reason_phrase(status), ": ", reason, ".")));
    }

  private:
    shared_handlers handlers_;
    logger const &log_;
};

} // namespace

app handle_errors(error_handlers handlers, logger const &log, handler next) {
    auto const shared = std::make_shared<error_handlers const>(std::move(handlers));
    return {error_layer(shared, log, std::move(next)), refusing(shared, log)};
}

task<response> with_handlers(error_handlers const &handlers, request &rq, task<response> inner) {
    std::exception_ptr thrown;
    try {
        co_return co_await std::move(inner);
    } catch (http_error const &e) {
        if (auto const *handler = handlers.find(e.status())) co_return (*handler)(rq, e);
        throw;
    } catch (...) {
        auto const *handler = handlers.find(500);
        if (handler == nullptr || !rq.notes.cancelled.empty()) throw;
        rq.notes.failure = std::current_exception();
        co_return (*handler)(rq, http_error(500));
    }
}

} // namespace phial
