// The last resort of a process whose threads cannot be joined.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace phial {

/// Bounds the end of the process: a thread whose system call waits for a stalled disk can be neither interrupted nor
/// joined.
class bounded_end {
  public:
    /// Starts the thread that waits; later there may be no memory for one.
    bounded_end();
    /// Everything has ended in time: nothing is written.
    ~bounded_end();
    bounded_end(bounded_end const &) = delete;
    bounded_end &operator=(bounded_end const &) = delete;

    /// Begins the end; call it once. When this object is still alive after `longest`, `message` is written to stderr
    /// and the process exits with status 0, whatever its threads do, without destructors. (Linux removes a process only
    /// when its last system call has ended. Most calls that wait for a network can be interrupted; few that wait for a
    /// local disk can.)
    void begin(std::chrono::steady_clock::duration longest, std::string message);

  private:
    void wait();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<std::chrono::steady_clock::time_point> deadline_; // the end has begun
    std::string line_;
    bool has_ended_ = false;
    std::thread thread_;
};

} // namespace phial
