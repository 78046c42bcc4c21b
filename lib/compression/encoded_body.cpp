#include "phial/compression/encoded_body.hpp"

#include "phial/http/computing.hpp"
#include "phial/http/http_error.hpp"

namespace phial {
namespace {

// Bytes that are encoded in one step: about a millisecond of work.
constexpr std::size_t one_step = 64 * 1024;
// A step of more than this is for the computing pool.
constexpr std::size_t short_step = 16 * 1024;
constexpr std::size_t as_long_work = long_work + 1;

} // namespace

encoded_body::encoded_body(coding chosen, std::uint64_t held, request &rq)
    : encoder_(make_encoder(chosen)),
      held_(held),
      rq_(rq),
      share_(rq.memory()) {
    share_.grow(held + encoder_->memory() + one_step);
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
        if (step.size() > short_step)
            co_await encode(step, next);
        else
            encoder_->encode(step, next, out_);
    }
    if (out_.empty()) co_return std::nullopt;
    co_return std::string_view(out_);
}

task<> encoded_body::encode(std::string_view bytes, encoder::then next) {
    auto const work = [this, bytes, next] { encoder_->encode(bytes, next, out_); };
    bool is_done = false;
    try {
        co_await rq_.compute(as_long_work, work);
        is_done = true;
    } catch (http_error const &) { // NOLINT(bugprone-empty-catch): too many wait for the pool
    }
    if (!is_done) work();
}

} // namespace phial
