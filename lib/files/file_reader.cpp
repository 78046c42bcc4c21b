#include "phial/files/file_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <sys/uio.h>
#include <system_error>

namespace phial {

file_reader::file_reader(descriptor file, std::vector<file_section> sections)
    : file_(std::move(file)),
      sections_(std::move(sections)) {
    for (auto const &s : sections_) left_ += s.before.size() + s.size;
}

std::size_t file_reader::read(std::span<char> room) { return read(room, 0); }

std::size_t file_reader::read_cached(std::span<char> room) { return read(room, RWF_NOWAIT); }

std::size_t file_reader::read(std::span<char> room, int flags) {
    std::size_t filled = 0;
    for (bool more = true; more && section_ < sections_.size() && filled < room.size();) {
        auto const &s = sections_[section_];
        auto const rest = room.subspan(filled);
        std::size_t n = 0;
        if (done_ < s.before.size()) {
            n = s.before.copy(rest.data(), rest.size(), done_);
        } else {
            auto const from = done_ - s.before.size();
            auto const wanted = static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), s.size - from));
            n = read_file(rest.first(wanted), s.first + from, flags);
            more = n == wanted;
        }
        filled += n;
        done_ += n;
        if (done_ == s.before.size() + s.size) {
            ++section_;
            done_ = 0;
        }
    }
    left_ -= filled;
    if (left_ == 0) file_ = descriptor(-1);
    return filled;
}

// Fewer bytes than wanted only when the others would have to be waited for.
std::size_t file_reader::read_file(std::span<char> room, std::uint64_t from, int flags) const {
    std::size_t filled = 0;
    while (filled < room.size()) {
        iovec const to{room.data() + filled, room.size() - filled};
        auto const n = ::preadv2(file_.get(), &to, 1, static_cast<off_t>(from + filled), flags);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && flags != 0) break; // the pool will find out what is wrong, if anything is
        if (n < 0) throw std::system_error(errno, std::generic_category(), "cannot read a file that is sent");
        if (n == 0) throw std::runtime_error("a file became shorter while it was sent");
        filled += static_cast<std::size_t>(n);
    }
    return filled;
}

} // namespace phial
