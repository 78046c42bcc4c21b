// Layers do not know path values: the request's notes keep them for the handler inside.
#include "phial/routing/layered_handler.hpp"

#include <stdexcept>

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

    outcome call(request &rq, path_values const &values) const override { return run(chain_, rq, values); }

  private:
    // The values live here, in the coroutine's frame, as long as any layer runs.
    static task<response> run(handler const &chain, request &rq, path_values values) {
        rq.notes.values = &values;
        co_return co_await chain(rq);
    }

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
