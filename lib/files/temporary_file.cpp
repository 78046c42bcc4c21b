#include "phial/files/temporary_file.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace phial {
namespace {

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::size_t random_letters = 6;
// After this many names that exist already, something else must be wrong.
constexpr int most_tries = 100;
// The kernel applies the process's umask, or the folder's default ACL.
constexpr mode_t for_all = 0666;
// The most bytes of one write(2). For larger ones ext4 uses contiguous pages: not faster when they are available, and
// several times slower when they have to be made, or fetched from the host of a virtual machine.
constexpr std::size_t most_written = 256 * 1024;

[[noreturn]] void fail(char const *what, std::filesystem::path const &path) {
    throw std::system_error(errno, std::generic_category(), std::string(what) + ' ' + path.string());
}

bool is_temporary(std::string_view name, std::string_view prefix) noexcept {
    return name.starts_with(prefix) && name.size() == prefix.size() + random_letters;
}

// A name that no other process is likely to choose.
std::string random_name(std::filesystem::path const &folder, std::string_view prefix) {
    std::uint64_t number = 0;
    if (::getrandom(&number, sizeof number, 0) != sizeof number) fail("cannot choose a name in", folder);
    std::string name(prefix);
    for (std::size_t i = 0; i < random_letters; ++i, number /= letters.size()) name += letters[number % letters.size()];
    return name;
}

// False when another process holds the lock. True on a file system without locks: there remove_abandoned() removes
// nothing.
bool lock(int file) noexcept { return ::flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK; }

struct close_folder {
    void operator()(DIR *d) const noexcept { ::closedir(d); }
};

bool remove_if_abandoned(int folder, char const *name) noexcept {
    descriptor const file(::openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat opened{};
    struct stat named{};
    return file.get() >= 0 && ::fstat(file.get(), &opened) == 0 && S_ISREG(opened.st_mode) &&
           ::flock(file.get(), LOCK_EX | LOCK_NB) == 0 &&
           // Another process may have removed the file meanwhile, and a new one may have its name.
           ::fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0 && named.st_ino == opened.st_ino &&
           named.st_dev == opened.st_dev && ::unlinkat(folder, name, 0) == 0;
}

} // namespace

temporary_file::temporary_file(std::filesystem::path folder, std::string_view prefix)
    : folder_(std::move(folder)),
      file_(-1) {
    while (!open(prefix)) {
    } // another process took the file for abandoned before it was locked: try another name
}

temporary_file::~temporary_file() {
    if (!path_.empty()) ::unlink(path_.c_str()); // before it is closed, which unlocks it
}

// Whether the file has its name and our lock.
bool temporary_file::open(std::string_view prefix) {
    for (int tries = 1; file_.get() < 0; ++tries) {
        path_ = (folder_ / random_name(folder_, prefix)).string();
        file_ = descriptor(::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, for_all));
        if (file_.get() >= 0 || (errno == EEXIST && tries < most_tries)) continue;
        path_.clear();
        fail("cannot create a file in", folder_);
    }
    struct stat opened{};
    if (lock(file_.get()) && ::fstat(file_.get(), &opened) == 0 && opened.st_nlink == 1) return true;
    file_ = descriptor(-1);
    return false;
}

void temporary_file::write(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const n = ::write(file_.get(), bytes.data(), std::min(bytes.size(), most_written));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail("cannot write", path_);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

void temporary_file::flush() {
    if (::fsync(file_.get()) != 0) fail("cannot flush", path_);
}

void temporary_file::replace(std::string const &name) {
    auto const target = folder_ / name;
    if (::rename(path_.c_str(), target.c_str()) != 0) fail("cannot replace", target);
    path_.clear();
}

void temporary_file::flush_folder() const {
    descriptor const folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0 || ::fsync(folder.get()) != 0) fail("cannot flush", folder_);
}

std::optional<std::uint64_t> free_space(std::filesystem::path const &folder) {
    struct statvfs found{};
    if (::statvfs(folder.c_str(), &found) != 0) fail("cannot read the free space of", folder);
    if (found.f_blocks == 0) return std::nullopt;
    return std::uint64_t{found.f_bavail} * found.f_frsize;
}

void require_free_space(std::filesystem::path const &folder, std::uint64_t bytes) {
    if (free_space(folder).value_or(bytes) >= bytes) return;
    errno = ENOSPC;
    fail("cannot store the announced bytes in", folder);
}

std::size_t remove_abandoned(std::filesystem::path const &folder, std::string_view prefix) {
    std::unique_ptr<DIR, close_folder> const opened(::opendir(folder.c_str()));
    if (!opened) fail("cannot read", folder);
    std::size_t removed = 0;
    while (auto const *entry = ::readdir(opened.get()))
        if (is_temporary(entry->d_name, prefix) && remove_if_abandoned(::dirfd(opened.get()), entry->d_name)) ++removed;
    return removed;
}

} // namespace phial
