// The last resort of a process whose threads cannot be joined.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace phial {

/// Bounds the end of the process: a thread whose system call waits for a disk that stands still can be neither
/// interrupted nor joined, and whoever tried would wait as long as it does.
class bounded_end {
  public:
    /// Starts the thread that waits: at the end there may be no memory for one.
    bounded_end();
    /// All that had to end has ended.
    ~bounded_end();
    bounded_end(bounded_end const &) = delete;
    bounded_end &operator=(bounded_end const &) = delete;

    /// The end begins, once. When this is still alive after `longest`, `message` is written to stderr and the process
    /// ends with exit status 0, wherever its threads are, without destructors. (Linux lets a process go only when the
    /// last of its system calls has ended; most of those that wait for a network can be ended, few of a local disk's.)
    void begin(std::chrono::steady_clock::duration longest, std::string message);

  private:
    void wait();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<std::chrono::steady_clock::time_point> until_; // the end has begun
    std::string line_;
    bool has_ended_ = false;
    std::thread thread_;
};

} // namespace phial
