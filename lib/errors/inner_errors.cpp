#include "phial/errors/inner_errors.hpp"

namespace phial {

std::optional<response> inner_errors::respond_to(request &rq, http_error const &thrown) const {
    auto const *const handler = handlers_.find(thrown.status());
    if (handler == nullptr) return std::nullopt;
    return (*handler)(rq, thrown);
}

std::optional<response> inner_errors::respond_to(request &rq, std::exception_ptr const &thrown) const {
    auto const *const handler = handlers_.find(500);
    if (handler == nullptr || !rq.notes.cancelled.empty()) return std::nullopt;
    rq.notes.failure = thrown;
    return (*handler)(rq, http_error(500));
}

} // namespace phial
