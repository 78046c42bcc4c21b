#include "phial/http/generator.hpp"

namespace phial::detail {

task<std::optional<std::string_view>> generator_promise::next(std::coroutine_handle<> self) {
    drop_given();
    for (;;) {
        if (!work_ && !self.done()) run(self);
        if (!buffer_.empty()) co_return std::string_view(buffer_);
        if (failure_) std::rethrow_exception(failure_);
        if (self.done()) co_return std::nullopt;
        try {
            auto work = std::move(*work_);
            work_.reset();
            co_await std::move(work);
        } catch (...) { // for the coroutine
            *work_failure_ = std::current_exception();
        }
    }
}

// Until it waits, ends, or has yielded enough.
void generator_promise::run(std::coroutine_handle<> self) {
    do self.resume();
    while (!self.done() && !work_ && buffer_.size() < run_ahead);
}

void generator_promise::drop_given() noexcept {
    constexpr auto kept = 2 * run_ahead;
    if (buffer_.capacity() <= kept)
        buffer_.clear();
    else
        buffer_ = std::string();
    share_.resize_down(0);
}

} // namespace phial::detail
