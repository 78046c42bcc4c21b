// Error handlers by status: Flask's @app.errorhandler(404).
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"

#include <functional>
#include <initializer_list>
#include <utility>
#include <vector>

namespace phial {

/// Makes the response to an error. Called on any loop; it may throw another error, which is not handled again.
using error_handler = std::function<response(request &, http_error const &)>;

/// A registry of error handlers; one for the app, one for each blueprint that has any.
class error_handlers {
  public:
    error_handlers() = default;
    /// {{404, not_found}, {500, sorry}}
    error_handlers(std::initializer_list<std::pair<unsigned, error_handler>> handlers) {
        for (auto const &[status, call] : handlers) set(status, call);
    }

    /// Registers the handler of a status; a later one replaces an earlier one.
    void set(unsigned status, error_handler call) {
        for (auto &[known, handler] : handlers_)
            if (known == status) {
                handler = std::move(call);
                return;
            }
        handlers_.emplace_back(status, std::move(call));
    }

    /// The handler of a status, or null.
    [[nodiscard]] error_handler const *find(unsigned status) const noexcept {
        for (auto const &[known, handler] : handlers_)
            if (known == status) return &handler;
        return nullptr;
    }

    [[nodiscard]] bool empty() const noexcept { return handlers_.empty(); }

  private:
    std::vector<std::pair<unsigned, error_handler>> handlers_;
};

} // namespace phial
