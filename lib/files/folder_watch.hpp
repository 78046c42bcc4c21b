// Whether a folder can be written to, found out without waiting for a stalled disk.
#pragma once

#include "phial/runtime/task.hpp"
#include "phial/runtime/timer.hpp"
#include "phial/runtime/worker_pool.hpp"

#include <chrono>
#include <string>

namespace phial {

/// What is known about a folder.
struct folder_state {
    bool writable = false;                             // at the last finished look
    std::chrono::steady_clock::duration stalled_for{}; // zero, unless a look takes longer than the wait
};

/// Looks at a folder, one look at a time, on a separate thread. Belongs to one loop.
class folder_watch {
  public:
    /// Takes the first look. `wait`: how long look() waits.
    folder_watch(executor const &loop, std::string folder,
                 std::chrono::steady_clock::duration wait = std::chrono::milliseconds(500));
    /// Waits for a look that is under way. To be destroyed after the loop has stopped and before it is destroyed.
    ~folder_watch();
    folder_watch(folder_watch const &) = delete;
    folder_watch &operator=(folder_watch const &) = delete;

    /// Begins a look, unless one is under way, and waits until it has ended, but not longer than that after its
    /// beginning.
    [[nodiscard]] task<folder_state> look();

    /// Begins a look, unless one is under way, and does not wait.
    [[nodiscard]] folder_state glance();

  private:
    using clock = std::chrono::steady_clock;

    void begin();
    [[nodiscard]] folder_state state() const;

    std::string folder_;
    std::string nothing_; // a file in it that does not exist
    clock::duration wait_;
    timer ended_; // when the wait is over, or cancelled when the look has ended
    clock::time_point began_;
    bool under_way_ = false;
    bool writable_;
    worker_pool looks_{1};
};

} // namespace phial
