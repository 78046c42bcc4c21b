#include "phial/compression/encoded_body.hpp"

#include "phial/runtime/worker_pool.hpp"

namespace phial {
namespace {

// Bytes that are encoded in one step: about half a millisecond of work.
constexpr std::size_t one_step = 64 * 1024;
// A step of more than this is for the pool.
constexpr std::size_t short_step = 16 * 1024;

} // namespace

encoded_body::encoded_body(coding chosen, memory_share held, encoding_resources const &with)
    : with_(with),
      held_(std::move(held)),
      encoder_(make_encoder(chosen)) {
    auto const needed = encoder_->memory() + one_step;
    if (with_.memory == nullptr || with_.memory->take(needed))
        taken_ = needed;
    else
        encoder_.reset();
}

encoded_body::~encoded_body() {
    if (with_.memory != nullptr) with_.memory->give_back(taken_);
}

// What comes out of an encoder is small: steps are made until there is something to send. A source without a length
// makes its bytes as time goes on, so its pieces are flushed.
task<std::optional<std::string_view>> encoded_body::next() {
    bool const flushes = !source_->length();
    out_.clear();
    while (out_.empty() && !ended_) {
        if (piece_.empty()) {
            auto const more = co_await source_->next();
            ended_ = !more;
            piece_ = more.value_or(std::string_view());
        }
        auto const step = piece_.substr(0, one_step);
        piece_.remove_prefix(step.size());
        auto const next = ended_                      ? encoder::then::end
                          : flushes && piece_.empty() ? encoder::then::flush
                                                      : encoder::then::more;
        auto const encode = [this, step, next] { encoder_->encode(step, next, out_); };
        if (with_.pool != nullptr && step.size() > short_step)
            co_await offload(*with_.pool, encode);
        else
            encode();
    }
    if (out_.empty()) co_return std::nullopt;
    co_return std::string_view(out_);
}

} // namespace phial
