#include "phial/testing/waiting.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace phial::testing {

bool wait_until(std::function<bool()> const &done) {
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(40);
    while (!done()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

void eventually(std::function<bool()> const &done) {
    if (!wait_until(done)) throw std::runtime_error("it did not come true");
}

} // namespace phial::testing
