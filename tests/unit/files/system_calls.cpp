#include "unit/files/system_calls.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>

using phial::testing::system_calls;

namespace {

std::atomic<system_calls *> current = nullptr;

int enter(char const *name) {
    auto *const calls = current.load();
    return calls == nullptr ? 0 : calls->enter(name);
}

// Asio also writes to and closes descriptors, which are not files.
bool is_file(int fd) {
    struct stat s{};
    return ::fstat(fd, &s) == 0 && (S_ISREG(s.st_mode) || S_ISDIR(s.st_mode));
}

} // namespace

namespace phial::testing {

system_calls::system_calls() { current = this; }
system_calls::~system_calls() { current = nullptr; }

void system_calls::fail(std::string const &name, int error, std::size_t after, bool always) {
    std::lock_guard const lock(mutex_);
    failures_[name] = {error, after, always};
}

void system_calls::shorten_writes(std::size_t most) {
    std::lock_guard const lock(mutex_);
    most_to_write_ = most;
}

void system_calls::free_bytes(std::uint64_t n) {
    std::lock_guard const lock(mutex_);
    free_bytes_ = n;
}

void system_calls::after_creation(std::function<void(char const *)> call) { after_creation_ = std::move(call); }

void system_calls::made(char const *path) {
    if (auto const call = std::exchange(after_creation_, nullptr)) call(path);
}

void system_calls::hold(std::string const &name) {
    std::lock_guard const lock(mutex_);
    held_ = name;
    released_.notify_all();
}

void system_calls::release() {
    std::lock_guard const lock(mutex_);
    held_.clear();
    released_.notify_all();
}

std::vector<std::string> system_calls::order() const {
    std::lock_guard const lock(mutex_);
    std::vector<std::string> names;
    for (auto const &[name, thread] : calls_)
        if (name != "close" && (name != "write" || names.empty() || names.back() != "write")) names.push_back(name);
    return names;
}

std::size_t system_calls::count(std::string const &name) const {
    std::lock_guard const lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(calls_.begin(), calls_.end(), [&name](auto const &c) { return c.first == name; }));
}

bool system_calls::any_on(std::thread::id thread) const {
    std::lock_guard const lock(mutex_);
    return std::any_of(calls_.begin(), calls_.end(), [thread](auto const &c) { return c.second == thread; });
}

int system_calls::enter(char const *name) {
    std::unique_lock lock(mutex_);
    calls_.emplace_back(name, std::this_thread::get_id());
    released_.wait(lock, [this, name] { return held_ != name; });
    auto const found = failures_.find(name);
    if (found == failures_.end()) return 0;
    auto &f = found->second;
    if (f.after > 0) {
        --f.after;
        return 0;
    }
    auto const error = f.error;
    if (!f.always) failures_.erase(found);
    return error;
}

std::size_t system_calls::most_to_write() const {
    std::lock_guard const lock(mutex_);
    return most_to_write_;
}

std::optional<std::uint64_t> system_calls::free_bytes() const {
    std::lock_guard const lock(mutex_);
    return free_bytes_;
}

} // namespace phial::testing

extern "C" {

int __real_statvfs(char const *path, struct statvfs *found);
ssize_t __real_write(int fd, void const *bytes, size_t n);
int __real_fsync(int fd);
int __real_rename(char const *from, char const *to);
int __real_open(char const *path, int flags, ...);
int __real_close(int fd);
int __real_unlink(char const *path);

int __wrap_statvfs(char const *path, struct statvfs *found) {
    if ((errno = enter("statvfs")) != 0) return -1;
    auto const result = __real_statvfs(path, found);
    auto const *const calls = current.load();
    if (calls == nullptr || !calls->free_bytes()) return result;
    found->f_bavail = *calls->free_bytes();
    found->f_frsize = 1;
    return result;
}

ssize_t __wrap_write(int fd, void const *bytes, size_t n) {
    auto *const calls = current.load();
    if (calls == nullptr || !is_file(fd)) return __real_write(fd, bytes, n);
    if ((errno = calls->enter("write")) != 0) return -1;
    return __real_write(fd, bytes, std::min(n, calls->most_to_write()));
}

int __wrap_fsync(int fd) {
    if ((errno = enter("fsync")) != 0) return -1;
    return __real_fsync(fd);
}

int __wrap_rename(char const *from, char const *to) {
    if ((errno = enter("rename")) != 0) return -1;
    return __real_rename(from, to);
}

int __wrap_open(char const *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    auto const mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : mode_t{0};
    va_end(rest);
    bool const creates = (flags & O_CREAT) != 0;
    if ((errno = enter(creates ? "create" : "open")) != 0) return -1;
    auto const fd = __real_open(path, flags, mode);
    if (auto *const calls = current.load(); calls != nullptr && creates) calls->made(path);
    return fd;
}

int __wrap_close(int fd) {
    if (is_file(fd)) (void)enter("close");
    return __real_close(fd);
}

int __wrap_unlink(char const *path) {
    if ((errno = enter("unlink")) != 0) return -1;
    return __real_unlink(path);
}
}
