// Which file it was, by stat(2).
#include "phial/auth/password_reading.hpp"

#include "phial/runtime/small_file.hpp"
#include "phial/text/concat.hpp"

#include <sys/stat.h>

namespace phial {
namespace {

std::int64_t in_nanoseconds(timespec const &t) noexcept { return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec; }

file_stamp stamp_from(struct stat const &s) noexcept {
    return {s.st_dev, s.st_ino, s.st_size, in_nanoseconds(s.st_mtim), in_nanoseconds(s.st_ctim)};
}

} // namespace

std::optional<file_stamp> stamp_of(std::string const &path) noexcept {
    struct stat s{};
    if (::stat(path.c_str(), &s) != 0) return std::nullopt;
    return stamp_from(s);
}

password_reading read_passwords(std::string const &path) {
    try {
        auto const file = read_small_file(path, password_reading::most_bytes);
        return {stamp_from(file.state), std::make_shared<password_table const>(password_table::parse(file.text, path))};
    } catch (file_error const &e) {
        throw password_error(
            {concat(path, ": ", e.what(), e.is_missing() ? ". Make it: htpasswd -B -C 10 -c FILE NAME" : "")});
    }
}

} // namespace phial
