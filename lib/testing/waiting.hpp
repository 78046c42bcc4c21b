// Waiting for what other threads do.
#pragma once

#include <functional>

namespace phial::testing {

/// Waits until `done()`, which is called once a millisecond; false when it is not within forty seconds.
[[nodiscard]] bool wait_until(std::function<bool()> const &done);

/// The same, but throws std::runtime_error when it is not.
void eventually(std::function<bool()> const &done);

} // namespace phial::testing
