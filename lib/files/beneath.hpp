// Opens files below a folder, and nothing outside of it. Everything here blocks: it is for the worker pool.
#pragma once

#include "phial/runtime/descriptor.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace phial {

/// Who looks at the segments of a path.
enum class lookup {
    by_kernel, // one call of openat2 (Linux 5.6)
    by_hand    // an openat for each segment
};

/// A folder that was opened once: renaming it or putting another in its place changes nothing. Thread-safe.
class open_folder {
  public:
    /// Throws std::system_error, with the path, when there is no such folder or it cannot be read. Symbolic links on
    /// the way to it are followed: the service names it. Files are looked up by hand where the kernel is too old for
    /// openat2, or a filter of system calls (seccomp) forbids it.
    explicit open_folder(std::filesystem::path const &path);
    open_folder(std::filesystem::path const &path, lookup how);

    /// Opens a file or folder below it for reading; -1 with errno set when that is not possible. Never waits for
    /// the other side of a FIFO. Symbolic links are not followed, neither inside nor at the end: ELOOP or ENOTDIR.
    /// `path`: see is_plain_path(); or "." for the folder itself.
    [[nodiscard]] descriptor open(std::string const &path) const;

    [[nodiscard]] lookup how() const noexcept { return how_; }

  private:
    descriptor folder_;
    lookup how_;
};

/// Opens a file that the service names, for reading, following symbolic links; otherwise as open_folder::open.
[[nodiscard]] descriptor open_named_file(std::string const &path) noexcept;

/// Whether `path` is segments with slashes between them, none of them empty, `.` or `..`, and has no NUL. With `hidden`
/// false, a segment that begins with a dot is not plain either.
[[nodiscard]] bool is_plain_path(std::string_view path, bool hidden) noexcept;

} // namespace phial
