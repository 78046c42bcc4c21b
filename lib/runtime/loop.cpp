#include "phial/runtime/loop.hpp"

#include <cerrno>
#include <cstdio>
#include <exception>

namespace phial {

loop::loop(duration tick_period) : tick_period_(tick_period), timer_(context_.get_executor()) {}

void loop::arm() {
    timer_.expires_after(tick_period_);
    timer_.async_wait([this](boost::system::error_code ec) {
        if (ec) return;
        lag_.store(std::chrono::steady_clock::now() - timer_.expiry(), std::memory_order_relaxed);
        tick();
    });
}

void loop::tick() {
    if (finishing_) return;
    ticked_.store(std::chrono::steady_clock::now(), std::memory_order_relaxed);
    for (auto const &call : tick_calls_) call();
    if (!finishing_) arm();
}

void loop::run() {
    tick();
    for (;;) {
        // No exception leaves a coroutine. What is caught here is Asio's own (no memory while it starts an operation):
        // that operation is lost, the loop continues.
        try {
            context_.run();
            ticked_.store({}, std::memory_order_relaxed);
            return;
        } catch (std::exception const &e) {
            std::fprintf(stderr, "%s: event loop: %s\n", program_invocation_short_name, e.what());
        }
    }
}

loop::duration loop::since_tick() const noexcept {
    auto const ticked = ticked_.load(std::memory_order_relaxed);
    return ticked == std::chrono::steady_clock::time_point() ? ticked.time_since_epoch()
                                                             : std::chrono::steady_clock::now() - ticked;
}

void loop::finish() {
    finishing_ = true;
    timer_.cancel();
}

loops::loops(unsigned count, loop::duration tick_period) {
    for (unsigned i = 0; i < count; ++i) loops_.push_back(std::make_unique<loop>(tick_period));
}

void loops::run() {
    std::vector<std::jthread> threads;
    try {
        for (std::size_t i = 1; i < loops_.size(); ++i) threads.emplace_back([l = loops_[i].get()] { l->run(); });
    } catch (std::exception const &) {
        stop(); // otherwise those that run would be joined forever
        throw;
    }
    loops_[0]->run();
}

void loops::stop() {
    for (auto &l : loops_) l->stop();
}

} // namespace phial
