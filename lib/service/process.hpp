// The first steps of a service's process, and its exit status.
#pragma once

#include <functional>
#include <string>

namespace phial {

/// To be called first in main(). It opens the descriptors 0 to 2 that are closed, so that no socket becomes one of
/// them. It ignores SIGPIPE, SIGHUP and SIGXFSZ. It waits for children that others have left to process 1 of a
/// container. And it makes large blocks of memory go back to the system when they are freed.
void prepare_process();

/// Runs `body` and returns its exit status. What it throws is printed on stderr, after the program's name: the faults
/// of a settings_error, a line each, with exit status 2; any other exception with 1.
[[nodiscard]] int run_main(std::function<int()> const &body);

} // namespace phial
