// Records the file system calls of lib/files and makes them fail. The tests are linked with --wrap for each of them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace phial::testing {

/// While it lives, it records statvfs, write, fsync, rename, open, close and unlink; an open that creates a file is
/// recorded as "create". One at a time.
class system_calls {
  public:
    system_calls();
    ~system_calls();
    system_calls(system_calls const &) = delete;
    system_calls &operator=(system_calls const &) = delete;

    /// The next call of that name, `after` others, fails with `error`. Every later one does as well if `always`.
    void fail(std::string const &name, int error, std::size_t after = 0, bool always = false);
    /// Writes take no more than so many bytes.
    void shorten_writes(std::size_t most);
    /// What is free on every file system, from now on.
    void free_bytes(std::uint64_t n);
    /// Called once, when the next file was made.
    void after_creation(std::function<void(char const *path)> call);
    /// Calls of that name wait, until release(), or the next hold().
    void hold(std::string const &name);
    void release();

    /// What was called, in that order; writes that follow one another once, closes not.
    [[nodiscard]] std::vector<std::string> order() const;
    /// How often it was called.
    [[nodiscard]] std::size_t count(std::string const &name) const;
    /// Whether any was called on this thread.
    [[nodiscard]] bool any_on(std::thread::id thread) const;

    // For the wrapped calls: 0, or the error to fail with.
    int enter(char const *name);
    std::size_t most_to_write() const;
    std::optional<std::uint64_t> free_bytes() const;
    void made(char const *path);

  private:
    struct failure {
        int error;
        std::size_t after;
        bool always;
    };

    mutable std::mutex mutex_;
    std::condition_variable released_;
    std::vector<std::pair<std::string, std::thread::id>> calls_;
    std::map<std::string, failure> failures_;
    std::function<void(char const *)> after_creation_;
    std::optional<std::uint64_t> free_bytes_;
    std::string held_;
    std::size_t most_to_write_ = static_cast<std::size_t>(-1);
};

} // namespace phial::testing
