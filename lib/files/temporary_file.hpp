// A file that is written next to its target and then replaces it. Everything here blocks: it is for the worker pool.
#pragma once

#include "phial/runtime/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// What the names of temporary files begin with, unless an app says otherwise.
constexpr std::string_view temporary_prefix = ".upload-";

/// A file in the folder of its target with a separate name (the prefix and six characters). It is locked (flock)
/// as long as this object lives, which distinguishes it from the files of a killed process: see remove_abandoned. The
/// destructor removes it, unless it has replaced its target. Its mode is 0666 less the umask. Errors are
/// std::system_error, with the path.
class temporary_file {
  public:
    explicit temporary_file(std::filesystem::path folder, std::string_view prefix = temporary_prefix);
    ~temporary_file();
    temporary_file(temporary_file const &) = delete;
    temporary_file &operator=(temporary_file const &) = delete;

    /// Appends.
    void write(std::string_view bytes);

    /// Returns when everything written is on the disk.
    void flush();

    /// Replaces the file `name` in the same folder: a reader finds the old content or the new. This survives a power
    /// cut only after flush() before it and flush_folder() after it.
    void replace(std::string const &name);

    /// Returns when the folder's names are on the disk.
    void flush_folder() const;

  private:
    [[nodiscard]] bool open(std::string_view prefix);

    std::filesystem::path folder_;
    std::string path_; // empty: nothing to remove
    descriptor file_;
};

/// The bytes that may be written to the file system of `folder`; nothing when it has no limit or reports none. Throws
/// std::system_error.
[[nodiscard]] std::optional<std::uint64_t> free_space(std::filesystem::path const &folder);

/// Throws std::system_error (ENOSPC) when fewer than `bytes` are known to be free.
void require_free_space(std::filesystem::path const &folder, std::uint64_t bytes);

/// Removes the temporary files in `folder` that no process has locked, and returns their number. Files that another
/// process is writing there stay, and so does every other file. Throws std::system_error when the folder cannot be
/// read.
std::size_t remove_abandoned(std::filesystem::path const &folder, std::string_view prefix = temporary_prefix);

} // namespace phial
