// Error handlers around a part of an app: those of a blueprint.
#pragma once

#include "phial/errors/error_handlers.hpp"
#include "phial/http/handler.hpp"

#include <exception>
#include <optional>
#include <utility>

namespace phial {

/// Responds to the errors for which it has a handler, and passes all others on. The handler of 500 is for every
/// exception that is not an http_error, unless the server cancelled the request; the exception is then noted for the
/// log (request_notes::failure).
class inner_errors final : public error_responder {
  public:
    explicit inner_errors(error_handlers handlers) : handlers_(std::move(handlers)) {}

    /// Calls `next()`, which gives an outcome, and responds to what it returns, throws or will throw. It throws what it
    /// has no handler for. An outcome refers to this object until there is a response.
    template <class F>
    [[nodiscard]] outcome around(request &rq, F const &next) const {
        auto result = attempt(rq, next);
        if (auto const *const e = result.error())
            if (auto rs = respond_to(rq, *e)) return std::move(*rs);
        result.guard(*this);
        return result;
    }

    [[nodiscard]] std::optional<response> respond_to(request &rq, http_error const &thrown) const override;
    [[nodiscard]] std::optional<response> respond_to(request &rq, std::exception_ptr const &thrown) const override;
    void responded(request &) const noexcept override {}

  private:
    // What an error handler throws itself is not handled here again.
    template <class F>
    outcome attempt(request &rq, F const &next) const {
        try {
            return next();
        } catch (http_error const &e) {
            if (auto rs = respond_to(rq, e)) return std::move(*rs);
            throw;
        } catch (...) {
            if (auto rs = respond_to(rq, std::current_exception())) return std::move(*rs);
            throw;
        }
    }

    error_handlers handlers_;
};

} // namespace phial
