// Layers do not know path values: the request's notes keep them for the handler inside.
#include "phial/routing/layered_handler.hpp"

#include <memory>
#include <stdexcept>
#include <utility>

namespace phial {
namespace {

class innermost {
  public:
    explicit innermost(std::unique_ptr<route_handler const> inner) : inner_(std::move(inner)) {}

    outcome operator()(request &rq) const {
        if (rq.notes.values == nullptr)
            throw std::logic_error("a layer called `next` with a request that it did not receive");
        return inner_->call(rq, *rq.notes.values);
    }

  private:
    std::unique_ptr<route_handler const> inner_;
};

class outermost final : public route_handler {
  public:
    explicit outermost(handler chain) : chain_(std::move(chain)) {}

    // The caller's values live until this returns; a task runs later and needs a copy.
    outcome call(request &rq, path_values const &values) const override {
        auto &noted = rq.notes.values;
        auto before = std::exchange(noted, std::shared_ptr<path_values const>(std::shared_ptr<void>(), &values));
        try {
            auto result = chain_.call(rq);
            noted = result.pending() == nullptr ? std::move(before) : std::make_shared<path_values const>(values);
            return result;
        } catch (...) {
            noted = std::move(before);
            throw;
        }
    }

  private:
    handler chain_;
};

} // namespace

std::unique_ptr<route_handler const> layered_handler(std::unique_ptr<route_handler const> inner,
                                                     std::vector<bound_layer> const &layers) {
    if (layers.empty()) return inner;
    handler chain = innermost(std::move(inner));
    for (auto l = layers.rbegin(); l != layers.rend(); ++l) chain = l->wrap(std::move(chain));
    return std::make_unique<outermost>(std::move(chain));
}

} // namespace phial
