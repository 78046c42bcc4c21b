// What a process that serves needs before anything else, and how it ends.
#pragma once

#include <functional>
#include <string>

namespace phial {

/// The first thing in main(): descriptors 0 to 2 are open, so that no socket becomes one of them; SIGPIPE, SIGHUP and
/// SIGXFSZ end nothing; children that others have left to process 1 of a container are waited for; large blocks of
/// memory go back to the system when they are freed.
void prepare_process();

/// Runs `body` and gives its exit status. What it throws is printed on stderr, after the program's name: a
/// settings_error a line each, with exit status 2; any other exception with 1.
[[nodiscard]] int run_main(std::function<int()> const &body);

} // namespace phial
