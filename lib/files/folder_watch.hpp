// Whether a folder can be written to, asked without waiting for a disk that stands still.
#pragma once

#include "phial/runtime/task.hpp"
#include "phial/runtime/worker_pool.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <string>

namespace phial {

/// What is known of a folder.
struct folder_state {
    bool writable = false;                             // by the last look that ended
    std::chrono::steady_clock::duration stalled_for{}; // zero, unless a look has been under way for more than a moment
};

/// Looks at a folder, one look at a time, on a thread of its own. Belongs to one loop.
class folder_watch {
  public:
    /// Looks for the first time. `moment`: how long look() waits.
    folder_watch(executor const &loop, std::string folder,
                 std::chrono::steady_clock::duration moment = std::chrono::milliseconds(500));
    /// Waits for a look that is under way. When the loop does not run any more, and before its end.
    ~folder_watch();
    folder_watch(folder_watch const &) = delete;
    folder_watch &operator=(folder_watch const &) = delete;

    /// Begins a look, unless one is under way, and waits until it has ended, or for no longer than the moment from its
    /// beginning.
    [[nodiscard]] task<folder_state> look();

    /// Begins a look, unless one is under way, and waits for none.
    [[nodiscard]] folder_state glance();

  private:
    using clock = std::chrono::steady_clock;

    void begin();
    [[nodiscard]] folder_state state() const;

    std::string folder_;
    std::string nothing_; // a file in it that does not exist
    clock::duration moment_;
    boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>, executor>
        ended_; // when the moment is over, or before that because the look has ended
    clock::time_point began_;
    bool under_way_ = false;
    bool writable_;
    worker_pool looks_{1};
};

} // namespace phial
