// A file that is written beside its target and then takes its place. Everything here blocks: it is for the worker pool.
#pragma once

#include "phial/runtime/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// A file of a name of its own (".phial-upload-" and six characters) in the folder of its target. As long as it lives
/// it is locked (flock), so that others can tell it from what a killed process has left: see remove_abandoned. Unless
/// it took its target's place, it is removed with its owner. Its mode is 0666 less the umask. Errors are
/// std::system_error, with the path.
class temporary_file {
  public:
    explicit temporary_file(std::filesystem::path folder);
    ~temporary_file();
    temporary_file(temporary_file const &) = delete;
    temporary_file &operator=(temporary_file const &) = delete;

    /// Appends.
    void write(std::string_view bytes);

    /// Returns when what was written is on the disk.
    void flush();

    /// Takes the place of the file `name` in the same folder: who opens that finds the old content or the new. Survives
    /// a power cut only after flush() before and flush_folder() after it.
    void replace(std::string const &name);

    /// Returns when the folder's names are on the disk.
    void flush_folder() const;

  private:
    [[nodiscard]] bool open();

    std::filesystem::path folder_;
    std::string path_; // empty: there is nothing to remove
    descriptor file_;
};

/// The bytes that may be written to the file system of `folder`; nothing where that knows no bound, or does not say.
/// Throws std::system_error.
[[nodiscard]] std::optional<std::uint64_t> free_space(std::filesystem::path const &folder);

/// Throws std::system_error (ENOSPC) when so many bytes are known not to be free.
void require_free_space(std::filesystem::path const &folder, std::uint64_t bytes);

/// Removes the temporary files in `folder` that no process holds, and says how many they were. What another process
/// that shares the folder is writing stays, and so does every other file. Throws std::system_error when the folder
/// cannot be read.
std::size_t remove_abandoned(std::filesystem::path const &folder);

} // namespace phial
