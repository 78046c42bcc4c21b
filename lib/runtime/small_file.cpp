#include "phial/runtime/small_file.hpp"

#include "phial/runtime/descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace phial {
namespace {

[[noreturn]] void fail(int error) {
    auto const reason = std::generic_category().message(error);
    if (error == ENOENT) throw file_error(reason, true);
    throw file_error("it cannot be read: " + reason);
}

} // namespace

small_file read_small_file(std::string const &path, std::size_t most) {
    descriptor const file(
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)); // does not wait on a pipe
    small_file out{std::string(), {}};
    if (file.get() < 0 || ::fstat(file.get(), &out.state) != 0) fail(errno);
    if (S_ISDIR(out.state.st_mode)) throw file_error("it is a folder. Name the file in it");
    if (!S_ISREG(out.state.st_mode)) throw file_error("it is not a regular file");
    // One byte more than the file has, or than is allowed, shows that there is more.
    out.text.resize(std::min(static_cast<std::size_t>(out.state.st_size), most) + 1);
    std::size_t n = 0;
    while (n <= most) {
        if (n == out.text.size()) out.text.resize(most + 1);
        auto const got = ::read(file.get(), out.text.data() + n, out.text.size() - n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(errno);
        if (got == 0) break;
        n += static_cast<std::size_t>(got);
    }
    if (n > most) throw file_error("it is larger than " + std::to_string(most >> 20U) + " MiB");
    out.text.resize(n);
    return out;
}

} // namespace phial
