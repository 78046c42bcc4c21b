// The system calls behind a file that appears whole.
#include "files/temporary_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace phial {
namespace {

constexpr std::string_view prefix = ".phial-upload-";
constexpr std::string_view random_part = "XXXXXX"; // what mkostemp fills in
constexpr mode_t readable_by_all = 0644;
// At a time. For a longer write ext4 looks for pages that lie side by side: no faster when there are some, and several
// times slower when they have to be made or, on a virtual machine, got back from its host.
constexpr std::size_t most_written = 256 * 1024;

[[noreturn]] void fail(char const *what, std::filesystem::path const &path) {
    throw std::system_error(errno, std::generic_category(), std::string(what) + ' ' + path.string());
}

bool is_ours(std::string_view name) noexcept {
    return name.starts_with(prefix) && name.size() == prefix.size() + random_part.size();
}

// False when another process holds it. A file system without locks says neither: nothing is lost then, for what cannot
// be locked is not removed either.
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
           // Its owner may have ended meanwhile, and the name be another's.
           ::fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0 && named.st_ino == opened.st_ino &&
           named.st_dev == opened.st_dev && ::unlinkat(folder, name, 0) == 0;
}

} // namespace

temporary_file::temporary_file(std::filesystem::path folder) : folder_(std::move(folder)), file_(-1) {
    while (!open()) {
    } // one that starts just now took it for abandoned: the next has another name
    if (::fchmod(file_.get(), readable_by_all) == 0) return;
    auto const error = errno;
    ::unlink(path_.c_str());
    errno = error;
    fail("cannot set the permissions of", path_);
}

temporary_file::~temporary_file() {
    if (!path_.empty()) ::unlink(path_.c_str()); // before it is closed, and with that unlocked
}

// Whether the file is ours, its name and its lock.
bool temporary_file::open() {
    path_ = (folder_ / prefix).string().append(random_part);
    file_ = descriptor(::mkostemp(path_.data(), O_CLOEXEC));
    if (file_.get() < 0) {
        path_.clear();
        fail("cannot create a file in", folder_);
    }
    struct stat opened{};
    return lock(file_.get()) && ::fstat(file_.get(), &opened) == 0 && opened.st_nlink == 1;
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

std::size_t remove_abandoned(std::filesystem::path const &folder) {
    std::unique_ptr<DIR, close_folder> const opened(::opendir(folder.c_str()));
    if (!opened) fail("cannot read", folder);
    std::size_t removed = 0;
    while (auto const *entry = ::readdir(opened.get()))
        if (is_ours(entry->d_name) && remove_if_abandoned(::dirfd(opened.get()), entry->d_name)) ++removed;
    return removed;
}

} // namespace phial
