#include "phial/http/generator.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

namespace phial::detail {

task<std::optional<std::string_view>> generator_promise::next(std::coroutine_handle<> self) {
    if (std::exchange(is_given_, false)) drop_given();
    for (;;) {
        if (!work_ && !self.done()) run(self);
        if (!buffer_.empty()) {
            is_given_ = true;
            co_return std::string_view(buffer_);
        }
        if (failure_) std::rethrow_exception(failure_);
        if (self.done()) co_return std::nullopt;
        // Asio would give the same exception to each further wait: a coroutine that catches it, and waits again, ends.
        if (is_cancelled_) throw boost::system::system_error(boost::asio::error::operation_aborted);
        try {
            auto work = std::move(*work_);
            work_.reset();
            co_await std::move(work);
        } catch (...) { // for the coroutine
            *work_failure_ = std::current_exception();
        }
        auto const state = co_await boost::asio::this_coro::cancellation_state;
        is_cancelled_ = state.cancelled() != boost::asio::cancellation_type::none;
    }
}

void generator_promise::start(std::coroutine_handle<> self) {
    run(self);
    if (failure_ && buffer_.empty()) std::rethrow_exception(failure_);
}

// Until it waits, ends, or has yielded enough.
void generator_promise::run(std::coroutine_handle<> self) {
    do self.resume();
    while (!self.done() && !work_ && buffer_.size() < run_ahead);
}

void generator_promise::count_written(std::size_t before) {
    if (buffer_.size() <= share_.bytes() + run_ahead) return;
    try {
        share_.grow(buffer_.size() - share_.bytes());
    } catch (...) {
        buffer_.resize(before);
        throw;
    }
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
