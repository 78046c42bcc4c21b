// open, fstat, read.
#include "auth/password_reading.hpp"

#include "http/concat.hpp"
#include "runtime/descriptor.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace phial {
namespace {

std::int64_t in_nanoseconds(timespec const &t) noexcept { return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec; }

file_stamp stamp_from(struct stat const &s) noexcept {
    return {s.st_dev, s.st_ino, s.st_size, in_nanoseconds(s.st_mtim), in_nanoseconds(s.st_ctim)};
}

[[noreturn]] void refuse(std::string const &path, std::string_view what) {
    throw password_error({concat(path, ": ", what)});
}

[[noreturn]] void refuse_unreadable(std::string const &path, int error) {
    auto const why = std::generic_category().message(error);
    if (error == ENOENT) refuse(path, concat(why, ". Make it: htpasswd -B -C 10 -c FILE NAME"));
    refuse(path, concat("it cannot be read: ", why));
}

// One byte more than is allowed, when there are so many.
std::string read_all(int fd, std::string const &path) {
    std::string text(password_reading::most_bytes + 1, '\0');
    std::size_t n = 0;
    while (n < text.size()) {
        auto const got = ::read(fd, text.data() + n, text.size() - n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) refuse_unreadable(path, errno);
        if (got == 0) break;
        n += static_cast<std::size_t>(got);
    }
    text.resize(n);
    return text;
}

} // namespace

std::optional<file_stamp> stamp_of(std::string const &path) noexcept {
    struct stat s{};
    if (::stat(path.c_str(), &s) != 0) return std::nullopt;
    return stamp_from(s);
}

password_reading read_passwords(std::string const &path) {
    descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)); // not to wait at a pipe
    if (file.get() < 0) refuse_unreadable(path, errno);
    struct stat s{};
    if (::fstat(file.get(), &s) != 0) refuse_unreadable(path, errno);
    if (S_ISDIR(s.st_mode)) refuse(path, "it is a folder; name the file in it");
    if (!S_ISREG(s.st_mode)) refuse(path, "it is no regular file");
    auto const text = read_all(file.get(), path);
    if (text.size() > password_reading::most_bytes) refuse(path, "it is larger than 1 MiB");
    return {stamp_from(s), std::make_shared<password_table const>(password_table::parse(text, path))};
}

} // namespace phial
