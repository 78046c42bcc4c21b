#include "phial/files/beneath.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace phial {
namespace {

// A FIFO without a writer opens at once, and no terminal becomes that of the service.
constexpr int reading = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

int open_by_kernel(int folder, char const *path) noexcept {
    open_how how{};
    how.flags = reading;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    return static_cast<int>(::syscall(SYS_openat2, folder, path, &how, sizeof how));
}

// Each segment is looked up in the folder of the segment before, which is open: no rename can change that.
int open_by_hand(int folder, std::string_view path) {
    descriptor inner(-1);
    for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/')) {
        std::string const segment(path.substr(0, slash));
        path.remove_prefix(slash + 1);
        auto const outer = inner.get() < 0 ? folder : inner.get();
        descriptor next(::openat(outer, segment.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (next.get() < 0) return -1;
        inner = std::move(next);
    }
    return ::openat(inner.get() < 0 ? folder : inner.get(), std::string(path).c_str(), reading | O_NOFOLLOW);
}

descriptor open_root(std::filesystem::path const &path) {
    descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0)
        throw std::system_error(errno, std::generic_category(), "cannot open the folder " + path.string());
    return folder;
}

} // namespace

open_folder::open_folder(std::filesystem::path const &path, lookup how) : folder_(open_root(path)), how_(how) {}

open_folder::open_folder(std::filesystem::path const &path) : open_folder(path, lookup::by_kernel) {
    descriptor const itself(open_by_kernel(folder_.get(), "."));
    if (itself.get() < 0) how_ = lookup::by_hand;
}

descriptor open_folder::open(std::string const &path) const {
    int fd = -1;
    do fd = how_ == lookup::by_kernel ? open_by_kernel(folder_.get(), path.c_str()) : open_by_hand(folder_.get(), path);
    while (fd < 0 && errno == EINTR);
    return descriptor(fd);
}

descriptor open_named_file(std::string const &path) noexcept { return descriptor(::open(path.c_str(), reading)); }

bool is_plain_path(std::string_view path, bool hidden) noexcept {
    if (path.find('\0') != path.npos) return false;
    for (bool more = true; more;) {
        auto const slash = path.find('/');
        auto const segment = path.substr(0, slash);
        if (segment.empty() || segment == "." || segment == ".." || (!hidden && segment.front() == '.')) return false;
        more = slash != path.npos;
        if (more) path.remove_prefix(slash + 1);
    }
    return true;
}

} // namespace phial
